import { describe, expect, test } from 'vitest';
import { FakeWorld } from '../../support/sdk/fake-world.ts';

describe('a client and its room', () => {
  test('[PUB1] send resolves with the place where the relay stored it', async () => {
    const world = new FakeWorld();
    const room = world.client({ user: { name: 'Ada' } }).room('lobby');
    const joined = room.join();
    await world.settle();
    await joined;
    const sent = room.send('hello');
    await world.settle();
    expect(await sent).toEqual({ id: 'e1:1', offset: 1, at: expect.any(Number), position: { epoch: 'e1', offset: 1 } });
    expect(room.timeline).toHaveLength(1);
    expect(room.timeline[0]).toMatchObject({ key: 'key1', text: 'hello', own: true, delivery: { state: 'stored', offset: 1 } });
  });
});
