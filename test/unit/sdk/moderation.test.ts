import { describe, expect, test } from 'vitest';
import type { RoomSettings } from '../../../sdk/src/index.ts';
import { readSanctions } from '../../../sdk/src/moderation.ts';
import type { Member, ModerationAction } from '../../../sdk/src/protocol/index.ts';
import { FOREVER } from '../../../sdk/src/protocol/index.ts';
import { FakeWorld } from '../../support/sdk/fake-world.ts';
import { fill, joined, sent } from '../../support/sdk/joined-room.ts';

const MOD: Member = { id: 'm_mod', name: 'Mod' };
const EVE: Member = { id: 'm_eve', name: 'Eve' };
const NOTHING: RoomSettings = { slowModeMs: 0, you: { write: true, moderate: false } };

async function moderated(settings: Partial<RoomSettings> = {}) {
  const at = await joined(50, (world) => {
    world.relay.settings = { ...NOTHING, ...settings };
    fill(world, 3);
  });
  const seen: RoomSettings[] = [];
  at.room.on('settings', (changed) => seen.push(changed));
  const act = async (action: ModerationAction): Promise<void> => {
    at.world.relay.publish('lobby', { type: 'moderation', action }, MOD);
    await at.world.settle();
  };
  return { ...at, seen, act, me: at.client.member as Member };
}

describe('settings', () => {
  test('[MOD9] they come with the join, and go on with the log', async () => {
    const world = new FakeWorld();
    expect(world.client().room('lobby').settings).toBeUndefined();
    const { room, seen, act } = await moderated({ pinned: 1 });
    expect(room.settings).toEqual({ ...NOTHING, pinned: 1 });
    await act({ type: 'pin', target: 2 });
    await act({ type: 'slowMode', intervalMs: 5_000 });
    expect(room.settings).toEqual({ ...NOTHING, pinned: 2, slowModeMs: 5_000 });
    await act({ type: 'unpin' });
    await act({ type: 'slowMode', intervalMs: 0 });
    expect(room.settings).toEqual(NOTHING);
    expect(seen.map(({ pinned, slowModeMs }) => [pinned, slowModeMs])).toEqual([
      [2, 0],
      [2, 5_000],
      [undefined, 5_000],
      [undefined, 0],
    ]);
  });

  test('[MOD7] [MOD9] the deletion of the pinned message unpins it, that of another does not', async () => {
    const { world, room } = await moderated({ pinned: 2 });
    world.relay.publish('lobby', { type: 'delete', target: 1 }, EVE);
    await world.settle();
    expect(room.settings?.pinned).toBe(2);
    world.relay.publish('lobby', { type: 'delete', target: 2 }, EVE);
    await world.settle();
    expect(room.settings?.pinned).toBeUndefined();
  });

  test("[MOD4] [MOD9] a mute of one's own is told with its end, another's is not", async () => {
    const { room, me, act, seen } = await moderated();
    await act({ type: 'mute', member: EVE, until: FOREVER });
    expect(seen).toEqual([]);
    await act({ type: 'mute', member: me, until: 7_000 });
    expect(room.settings?.you).toEqual({ write: true, moderate: false, mutedUntil: 7_000 });
    await act({ type: 'ban', member: EVE, until: FOREVER });
    await act({ type: 'unban', member: me });
    expect(room.settings?.you.mutedUntil).toBe(7_000);
    await act({ type: 'unmute', member: me });
    expect(room.settings?.you.mutedUntil).toBeUndefined();
  });

  test('[MOD3] [MOD9] a mute does not bind who may moderate', async () => {
    const { room, me, act } = await moderated({ you: { write: true, moderate: true } });
    await act({ type: 'mute', member: me, until: FOREVER });
    expect(room.settings?.you.mutedUntil).toBeUndefined();
  });

  test('[MOD9] events that the settings of a join hold already do not bring back what was before', async () => {
    const { world, room, seen } = await moderated();
    world.relay.pageSize = 1;
    world.socket.drop();
    world.relay.publish('lobby', { type: 'moderation', action: { type: 'slowMode', intervalMs: 9_000 } }, MOD);
    world.relay.publish('lobby', { type: 'moderation', action: { type: 'slowMode', intervalMs: 1_000 } }, MOD);
    world.relay.settings = { ...NOTHING, slowModeMs: 1_000 };
    await world.settleInTime(5_000);
    expect(room.state).toBe('live');
    expect(seen.map(({ slowModeMs }) => slowModeMs)).toEqual([1_000]);
  });

  test('[MOD9] another token brings other settings', async () => {
    const { world, room } = await moderated();
    const settings: RoomSettings = { slowModeMs: 0, you: { write: true, moderate: true } };
    world.socket.reply({ type: 'settings', room: 'lobby', settings });
    expect(room.settings).toEqual(settings);
  });

  test('[MOD6] [RMV1] who is banned is out for good, and knows of no settings any more', async () => {
    const { world, room, states } = await moderated();
    world.socket.reply({ type: 'removed', room: 'lobby', code: 'banned', message: '' });
    await world.settleInTime(5_000);
    expect([states.at(-1), room.settings]).toEqual(['denied', undefined]);
    expect(world.relay.joined('lobby')).toHaveLength(1); // it has not asked to come back
  });
});

describe('notices', () => {
  test('[MOD1] [MOD9] an action stands in the timeline and is no message', async () => {
    const { room, act, world } = await moderated();
    const messages: string[] = [];
    room.on('message', ({ text }) => messages.push(text));
    const action: ModerationAction = { type: 'mute', member: EVE, until: FOREVER };
    await act(action);
    await act({ type: 'pin', target: 1 });
    world.relay.say('lobby', 'on');
    await world.settle();
    expect(messages).toEqual(['on']);
    expect(room.timeline.slice(3)).toMatchObject([
      { from: MOD, text: '', notice: action, reactions: [], delivery: { state: 'stored', offset: 4 } },
      { notice: { type: 'pin', target: 1 } },
      { text: 'on', notice: undefined },
    ]);
  });

  test('[FRM6] [MOD1] an action of a newer relay, or one that makes no sense, counts for its offset', async () => {
    const { room, world } = await moderated();
    const odd = [{ type: 'paint' }, { type: 'mute' }, { type: 'pin', target: 'x' }, null, 'pin'];
    const bodies = [...odd.map((action) => ({ type: 'moderation', action })), { type: 'message', text: 'on' }];
    const events = bodies.map((body, i) => ({ offset: 4 + i, at: 1, from: MOD, key: `k${i}`, ...body }));
    world.socket.reply({ type: 'events', room: 'lobby', events } as never);
    expect(room.timeline.slice(3)).toMatchObject([{ text: 'on', delivery: { offset: 9 } }]);
    expect([room.state, room.settings]).toEqual(['live', NOTHING]);
  });
});

describe('moderating', () => {
  test('[MOD1] [PUB5] an action is published under a key, with the epoch of its offset', async () => {
    const { world, room } = await joined();
    void room.moderate({ type: 'pin', target: 3 }, { key: 'k' }).catch(() => undefined);
    expect(sent(world)).toMatchObject([
      { type: 'publish', key: 'k', epoch: 'e1', event: { type: 'moderation', action: { type: 'pin', target: 3 } } },
    ]);
    expect(room.timeline).toEqual([]);
  });

  test('[MOD5] a message that slow mode refuses is sent when it is due', async () => {
    const { world, room } = await joined();
    let refusals = 0;
    world.relay.refuse = () =>
      refusals++ < 1 ? { type: 'error', code: 'slow_mode', action: 'retry', message: '', retryAfterMs: 30_000 } : undefined;
    const receipt = room.send('slowly');
    await world.settle();
    expect(room.timeline).toMatchObject([{ delivery: { state: 'sending' } }]);
    await world.settleInTime(29_000);
    expect(world.relay.log('lobby').end).toBe(0);
    await world.settleInTime(2_000);
    expect((await receipt).offset).toBe(1);
  });

  test('[MOD10] sanctions are read by a module of their own', async () => {
    const { world, room } = await joined();
    const page = readSanctions(room, { after: 'mute:a', limit: 1 });
    const [request] = world.socket.takeSent();
    expect(request).toMatchObject({ type: 'sanctions', room: 'lobby', after: 'mute:a', limit: 1 });
    const sanction = { kind: 'ban', member: EVE, at: 1, by: MOD } as const;
    world.socket.reply({ type: 'sanctions', id: request?.id ?? 0, room: 'lobby', sanctions: [sanction], next: 'ban:m_eve' });
    expect(await page).toEqual({ sanctions: [sanction], next: 'ban:m_eve' });
    const broken = readSanctions(room);
    world.socket.reply({ type: 'sanctions', id: world.socket.takeSent()[0]?.id ?? 0, room: 'lobby', sanctions: [{}] as never });
    await expect(broken).rejects.toThrow(TypeError);
  });
});
