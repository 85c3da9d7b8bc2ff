// One suite of the native protocol, run against each adapter. Its tests know a URL and nothing else of the relay.

import { afterAll, beforeAll, describe } from 'vitest';
import type { Frame } from './protocol-client.ts';
import { ProtocolClient } from './protocol-client.ts';
import type { RunningRelay } from './relay-fixture.ts';
import { startRelay } from './relay-fixture.ts';

/** What a suite's tests have at hand. */
export interface NativeRig {
  /** A room that no other test uses. */
  freshRoom(): string;
  /** A socket that has said nothing yet. */
  open(): Promise<ProtocolClient>;
  /** A guest. */
  connected(user?: { readonly name?: string; readonly resume?: string }): Promise<ProtocolClient>;
  /** A guest who is in a room. */
  joined(room: string, name?: string): Promise<ProtocolClient>;
}

export function nativeSuite(define: (at: NativeRig) => void): void {
  describe.each(['uws', 'ws'] as const)('native protocol over %s', (transport) => {
    let relay: RunningRelay;
    let rooms = 0;
    beforeAll(async () => {
      relay = await startRelay({ transport, publishRate: 0 });
    });
    afterAll(() => relay.stop());
    define({
      freshRoom: () => `room-${++rooms}`,
      open: () => ProtocolClient.open(relay.ws),
      connected: (user) => ProtocolClient.connected(relay.ws, user),
      joined: async (room, name = 'Ada') => {
        const client = await ProtocolClient.connected(relay.ws, { name });
        await client.request({ type: 'join', room });
        return client;
      },
    });
  });
}

/** A publish of a text message; `request` gives it its id. */
export function message(room: string, key: string, text: string): Frame {
  return { type: 'publish', room, key, event: { type: 'message', text } };
}
