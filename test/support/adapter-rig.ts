// An adapter on a free port that writes down what it tells the relay. Tests wait for entries of that log.
import { onTestFinished } from 'vitest';
import type { Adapter, AdapterHandlers, AdapterOptions, RelaySocket } from '../../relay/src/adapter/adapter.ts';
import { createAdapter } from '../../relay/src/adapter/select-adapter.ts';
import { Condition } from './condition.ts';
import { RawSocket } from './raw-socket.ts';

/** Both adapters: each suite of this kind runs against either. */
export const TRANSPORTS = ['uws', 'ws'] as const;
export type RigTransport = (typeof TRANSPORTS)[number];

/** The request path of the upgrade is the context, so that a log entry names its socket. */
export type RigSocket = RelaySocket<string>;

export interface RigEntry {
  readonly type: 'opened' | 'text' | 'binary' | 'dropped' | 'lost' | 'drained' | 'closed';
  readonly of: string;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  readonly code?: number;
}

export interface RigOptions {
  readonly options?: Partial<AdapterOptions>;
  /** Called after the entry was written. */
  readonly handlers?: Partial<AdapterHandlers<string>>;
}

export class AdapterRig {
  readonly log: RigEntry[] = [];
  readonly errors: { readonly error: unknown; readonly where: string }[] = [];
  readonly sockets = new Map<string, RigSocket>();
  readonly adapter: Adapter;
  port = 0;
  readonly #condition = new Condition();

  private constructor(transport: RigTransport, { options, handlers }: RigOptions) {
    const adapterOptions: AdapterOptions = {
      maxMessageBytes: 262_144,
      maxBufferedBytes: 1_048_576,
      idleTimeoutS: 120,
      onError: (error, where) => {
        this.errors.push({ error, where });
        this.#condition.changed();
      },
      ...options,
    };
    this.adapter = createAdapter(transport, adapterOptions, this.#recorder(handlers ?? {})).adapter;
  }

  /** Starts to listen; what is still open when the test ends is closed. */
  static async start(transport: RigTransport, options: RigOptions = {}): Promise<AdapterRig> {
    const rig = new AdapterRig(transport, options);
    onTestFinished(() => rig.adapter.close());
    rig.port = await rig.adapter.listen({ host: '127.0.0.1', port: 0 });
    return rig;
  }

  /** A client and its socket on this side; `path` names the pair. */
  async open(path: string): Promise<{ readonly client: RawSocket; readonly socket: RigSocket }> {
    const client = await RawSocket.open(this.port, path);
    const socket = await this.until(() => this.sockets.get(path));
    return { client, socket };
  }

  until<T>(read: () => T | undefined): Promise<T> {
    return this.#condition.until(read);
  }

  /** Resolves with the first entry of this type for this socket. */
  entry(type: RigEntry['type'], of: string): Promise<RigEntry> {
    return this.until(() => this.log.find((entry) => entry.type === type && entry.of === of));
  }

  count(type: RigEntry['type'], of: string): number {
    return this.log.filter((entry) => entry.type === type && entry.of === of).length;
  }

  #note(entry: RigEntry): void {
    this.log.push(entry);
  }

  #recorder(handlers: Partial<AdapterHandlers<string>>): AdapterHandlers<string> {
    const after = (work: (() => void) | undefined): void => {
      try {
        work?.();
      } finally {
        this.#condition.changed();
      }
    };
    return {
      request: handlers.request ?? (() => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' })),
      ...(handlers.receiver && { receiver: handlers.receiver }),
      upgrade: handlers.upgrade ?? (({ path }) => ({ accept: true, context: path })),
      opened: (socket) => {
        this.sockets.set(socket.context, socket);
        this.#note({ type: 'opened', of: socket.context });
        after(() => handlers.opened?.(socket));
      },
      text: (socket, text) => {
        this.#note({ type: 'text', of: socket.context, text });
        after(() => handlers.text?.(socket, text));
      },
      binary: (socket, bytes) => {
        this.#note({ type: 'binary', of: socket.context, bytes });
        after(() => handlers.binary?.(socket, bytes));
      },
      dropped: (socket) => {
        this.#note({ type: 'dropped', of: socket.context });
        after(() => handlers.dropped?.(socket));
      },
      lost: (socket) => {
        this.#note({ type: 'lost', of: socket.context });
        after(() => handlers.lost?.(socket));
      },
      drained: (socket) => {
        this.#note({ type: 'drained', of: socket.context });
        after(() => handlers.drained?.(socket));
      },
      closed: (socket, code) => {
        this.#note({ type: 'closed', of: socket.context, code });
        after(() => handlers.closed?.(socket, code));
      },
    };
  }
}
