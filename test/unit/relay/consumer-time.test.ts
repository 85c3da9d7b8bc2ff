// What time does to a connection: identities that end, relays that go down, readers that are slow.

import type { Identity } from '@chat-room/relay';
import { Consumer, route } from '@chat-room/relay';
import { TestRelay } from '@chat-room/relay/testing';
import { describe, expect, test } from 'vitest';

describe('time', () => {
  const until = (expiresAt: number): Identity => ({ member: { id: 'ada', name: 'Ada' }, grants: [], expiresAt });

  class Renewing extends Consumer {
    override expiring(inMs: number): void {
      this.send(`ends in ${inMs}`);
    }
    override async receive(token: string | Uint8Array): Promise<void> {
      const { outcome } = await this.authenticate({ token: String(token) });
      this.send(outcome);
    }
  }

  test('[P8] [AUT2] an identity that runs out is told of ahead, and ends the connection with 4300', async () => {
    let now = 0;
    const relay = new TestRelay({ routes: [route('/renewing', Renewing)], now: () => now });
    const client = await relay.connect('/renewing', { identity: until(60_000) });
    for (now of [29_999, 30_000, 45_000, 59_999]) relay.tick();
    await client.idle();
    expect(client.waiting).toEqual(['ends in 30000']);
    now = 60_000;
    relay.tick();
    expect(await client.closed).toBe(4300);
  });

  test('[AUT3] a renewed identity goes on; another member’s does not replace it', async () => {
    let now = 0;
    const identities = new Map([
      ['longer', until(120_000)],
      ['bob', { ...until(900_000), member: { id: 'bob', name: 'Bob' } }],
    ]);
    const relay = new TestRelay({
      routes: [route('/renewing', Renewing)],
      now: () => now,
      authenticate: ({ token = '' }) => ({ outcome: 'identified', identity: identities.get(token) ?? until(60_000) }),
    });
    const client = await relay.connect('/renewing');
    await client.send('longer');
    await client.send('bob');
    now = 60_000;
    relay.tick();
    expect(client.waiting).toEqual(['identified', 'refused']);
    now = 90_000;
    relay.tick();
    await client.idle();
    expect(client.waiting.at(-1)).toBe('ends in 30000');
    now = 120_000;
    relay.tick();
    expect(await client.closed).toBe(4300);
  });

  test('[AUT2] an identity that has ended already is none', async () => {
    const relay = new TestRelay({ routes: [route('/renewing', Renewing)], now: () => 60_000 });
    await expect(relay.connect('/renewing', { identity: until(60_000) })).rejects.toMatchObject({ status: 401 });
  });

  test('[DRN1] a relay that goes down closes with 4000, unless the consumer has more to say', async () => {
    class Polite extends Consumer {
      override draining({ retryAfterMs }: { readonly retryAfterMs: number }): void {
        this.send(`back in ${retryAfterMs}`);
        this.close(1012);
      }
    }
    const relay = new TestRelay({ routes: [route('/polite', Polite), route('/plain', Consumer)] });
    const [polite, plain] = [await relay.connect('/polite'), await relay.connect('/plain')];
    relay.drain(1_500);
    expect([await polite.receive(), await polite.closed, await plain.closed]).toEqual(['back in 1500', 1012, 4000]);
  });

  test('[POS2] a reader that was too slow is told of once it reads again', async () => {
    class Lagging extends Consumer {
      override lagged(): void {
        this.send('you missed something');
      }
    }
    const relay = new TestRelay({ routes: [route('/lagging', Lagging)] });
    const client = await relay.connect('/lagging');
    await client.lag();
    expect(client.waiting).toEqual(['you missed something']);
  });
});
