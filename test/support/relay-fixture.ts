// A relay in this process, on a free port, with a data directory of its own.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Relay, RelayOptions, RelayParts } from '@chat-room/relay';
import { createRelay } from '@chat-room/relay';

export interface RunningRelay {
  readonly relay: Relay;
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly http: string;
  /** `ws://127.0.0.1:port/ws` */
  readonly ws: string;
  readonly data: string;
  stop(): Promise<void>;
}

export function temporaryDir(): string {
  return mkdtempSync(join(tmpdir(), 'chat-room-test-'));
}

/** Starts a relay; without `data` it gets a fresh directory, removed on `stop`. */
export async function startRelay(options: Partial<RelayOptions> & RelayParts = {}): Promise<RunningRelay> {
  const data = options.data ?? temporaryDir();
  const relay = createRelay({ host: '127.0.0.1', port: 0, logLevel: 'silent', publicDir: publicDir(data), ...options, data });
  const { port } = await relay.listen();
  return {
    relay,
    port,
    http: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}/ws`,
    data,
    stop: async () => {
      await relay.close();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** No pages: what a test serves it names. */
function publicDir(data: string): string {
  return join(data, 'no-pages');
}
