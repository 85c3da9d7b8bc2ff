// Which adapter carries the sockets: uWebSockets.js, and where it does not load, `ws`.
import type { Adapter, AdapterHandlers, AdapterOptions } from './adapter.ts';
import { UwsAdapter } from './uws-adapter.ts';
import { loadUws, type UwsBinding } from './uws-binding.ts';
import { WsAdapter } from './ws-adapter.ts';

/** `auto`: uWebSockets.js where it loads, else `ws`. */
export type Transport = 'uws' | 'ws' | 'auto';

export interface AdapterSelection {
  readonly adapter: Adapter;
  /** Set where `auto` had to take `ws`: a sentence to warn the operator with. */
  readonly fallback?: { readonly reason: string };
}

/** The transport that was asked for does not load here. `message` is one sentence for the operator. */
export class TransportError extends Error {
  readonly code = 'transport_unavailable';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'TransportError';
  }
}

/** Makes the adapter for `transport`. Throws a TransportError where `uws` is asked for and does not load. */
export function createAdapter<C>(
  transport: Transport,
  options: AdapterOptions,
  handlers: AdapterHandlers<C>,
  load: () => UwsBinding = loadUws,
): AdapterSelection {
  if (transport === 'ws') return { adapter: new WsAdapter(options, handlers) };
  let uws: UwsBinding;
  try {
    uws = load();
  } catch (error) {
    const reason = `uWebSockets.js does not load here (${firstLine(error)})`;
    if (transport === 'uws') throw new TransportError(`${reason}; use --transport ws, or another Node.js version.`, error);
    return { adapter: new WsAdapter(options, handlers), fallback: { reason: `${reason}; the relay uses ws, which is slower.` } };
  }
  return { adapter: new UwsAdapter(uws, options, handlers) };
}

// A failed load explains itself over many lines, of which the last says why: the package wraps what the system said.
function firstLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((text) => text.startsWith('Error: ')) ?? lines[0] ?? 'no reason given';
  return line.replace(/^Error: /, '').trim();
}
