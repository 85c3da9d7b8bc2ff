import { describe, expect, test } from 'vitest';
import { turn } from '../../support/sdk/fake-world.ts';
import { fill, joined, sent } from '../../support/sdk/joined-room.ts';

describe('people', () => {
  const bob = { id: 'bob', name: 'Bob' };
  const eve = { id: 'eve', name: 'Eve' };

  test('[PRE3] each change raises the version; where one is missing the whole is asked for', async () => {
    const { world, client, room } = await joined();
    world.socket.reply({ type: 'presenceChange', room: 'lobby', version: 2, joined: [bob], left: [] });
    expect(room.members).toEqual([client.member, bob]);
    world.socket.reply({ type: 'presenceChange', room: 'lobby', version: 4, joined: [eve], left: ['bob'] });
    expect(room.members).toEqual([client.member, bob]);
    expect(sent(world)).toMatchObject([{ type: 'presence', room: 'lobby' }]);
    await world.settle();
    expect(room.members).toEqual([client.member]);
  });

  test('[PRE1] a large room is a sample', async () => {
    const { world, room } = await joined();
    world.socket.reply({
      type: 'presence',
      room: 'lobby',
      presence: { scope: 'sample', version: 9, count: 500, members: [bob] },
    });
    expect(room.presence).toMatchObject({ scope: 'sample', count: 500 });
    expect(room.members).toEqual([bob]);
  });

  test('[EPH3] who else types; nobody while the connection is lost', async () => {
    const { world, client, room } = await joined();
    const me = client.member ?? bob;
    world.socket.reply({ type: 'typing', room: 'lobby', members: [me, bob], count: 2 });
    expect(room.typing).toEqual({ members: [bob], count: 1 });
    world.socket.drop();
    expect(room.typing).toEqual({ members: [], count: 0 });
  });

  test('[EPH3] typing is said every 3 s while it goes on, and a message ends it without a word', async () => {
    const { world, room } = await joined();
    const said = (): unknown[] => sent(world).filter(({ type }) => type === 'typing');
    for (let i = 0; i < 10; i++) room.setTyping(true);
    expect(said()).toHaveLength(1);
    world.clock.advance(3_000);
    room.setTyping(true);
    expect(said()).toHaveLength(2);
    void room.send('done');
    room.setTyping(false);
    expect(said()).toHaveLength(2);
    room.setTyping(true);
    room.setTyping(false);
    expect(said()).toMatchObject([{}, {}, { active: true }, { active: false }]);
  });

  test('[EPH4] a read position only rises, and is said once a task, and again after a loss the relay may have had', async () => {
    const { world, client, room } = await joined(0, (w) => fill(w, 9));
    for (const offset of [3, 5, 4]) room.markRead(offset);
    await turn();
    expect(sent(world)).toMatchObject([{ type: 'read', position: { epoch: 'e1', offset: 5 } }]);
    expect(room.reads).toEqual({ [client.member?.id ?? '']: 5 });
    room.markRead(5);
    await turn();
    expect(sent(world)).toHaveLength(1);
    world.socket.drop();
    await turn();
    world.clock.advance(1_000);
    await turn();
    world.socket.open();
    world.socket.deliverToRelay();
    world.socket.deliverToClient();
    world.socket.deliverToRelay();
    world.socket.deliverToClient();
    await turn();
    expect(sent(world)).toMatchObject([{ type: 'read', position: { offset: 5 } }]);
  });

  test('[EPH1] ephemeral events reach who is here, oneself included; custom ones are stored', async () => {
    const { world, room } = await joined();
    const events: unknown[] = [];
    room.on('event', (event) => events.push(event));
    void room.publish('cursor', { x: 1 }, { ephemeral: true });
    const receipt = room.publish('move', { y: 2 });
    await world.settle();
    expect(await receipt).toMatchObject({ offset: 1 });
    expect(events).toEqual([
      { room: 'lobby', from: expect.objectContaining({ name: 'Ada' }), name: 'cursor', data: { x: 1 } },
      {
        room: 'lobby',
        from: expect.objectContaining({ name: 'Ada' }),
        name: 'move',
        data: { y: 2 },
        offset: 1,
        at: expect.any(Number),
      },
    ]);
    await expect(room.publish('big', 'x'.repeat(70_000), { ephemeral: true })).rejects.toMatchObject({ code: 'too_large' });
  });

  test('[POS2] a reader that was too slow asks who is here, where that has changed', async () => {
    const { world } = await joined();
    const position = { epoch: 'e1', offset: 0 };
    world.socket.reply({ type: 'position', room: 'lobby', position, presenceVersion: 1 });
    expect(sent(world)).toEqual([]);
    world.socket.reply({ type: 'position', room: 'lobby', position, presenceVersion: 7 });
    expect(sent(world)).toMatchObject([{ type: 'presence' }]);
  });
});
