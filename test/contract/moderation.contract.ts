// What every engine promises of moderation (MOD): that it holds in the step that stores, and stays as long as the log.

import type { EventBody, Member, ModerationAction } from '@chat-room/sdk/protocol';
import { FOREVER, MAX_SANCTIONS } from '@chat-room/sdk/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import type { Draft, Engine, PublishOutcome, StoredEvent } from '../../relay/src/engine/engine.ts';
import { Moderation } from '../../relay/src/engine/moderation.ts';
import { Condition } from '../support/condition.ts';
import { feedOf } from '../support/feed.ts';
import type { EngineRig } from './engine.contract.ts';

const ADA: Member = { id: 'ada', name: 'Ada' };
const EVE: Member = { id: 'eve', name: 'Eve' };
const MOD: Member = { id: 'mod', name: 'Mod' };
const MINUTE_MS = 60_000;

export function moderationContract(name: string, createRig: () => EngineRig): void {
  describe(`moderation contract: ${name}`, () => {
    let rig: EngineRig;
    let engine: Engine;
    let keys = 0;
    const start = async (options?: Parameters<EngineRig['open']>[0]): Promise<void> => {
      rig = createRig();
      engine = await rig.open(options);
    };
    const reopen = async (options?: Parameters<EngineRig['open']>[0]): Promise<void> => {
      await engine.close();
      engine = await rig.open(options);
    };
    const publish = (body: EventBody, from: Member, more: Partial<Draft> = {}): Promise<PublishOutcome> =>
      engine.publish('a', { from, key: `key${++keys}`, body, moderator: from === MOD, ...more });
    const say = (from: Member, key?: string): Promise<PublishOutcome> =>
      publish({ type: 'message', text: 'hello' }, from, key === undefined ? {} : { key });
    const act = (action: ModerationAction, from = MOD): Promise<PublishOutcome> => publish({ type: 'moderation', action }, from);
    const epoch = async (): Promise<string> => (await engine.read('a', { from: 'end', limit: 1 })).position.epoch;
    const sanctions = async (): Promise<unknown> => (await engine.moderation('a'))?.page(undefined, 100, rig.now).sanctions ?? [];
    afterEach(async () => {
      await engine.close();
      await rig.dispose();
    });

    test('[MOD1] [AUT1] only who may moderate does so, and what they do is an event like any other', async () => {
      await start();
      expect(await act({ type: 'mute', member: EVE }, ADA)).toMatchObject({ ok: false, code: 'forbidden' });
      expect(await engine.moderation('a')).toBeUndefined();
      const body: EventBody = { type: 'moderation', action: { type: 'mute', member: EVE, until: FOREVER } };
      const [first, again] = await Promise.all([publish(body, MOD, { key: 'k' }), publish(body, MOD, { key: 'k' })]);
      expect(first).toMatchObject({ ok: true, position: { offset: 1 } });
      expect(again).toEqual(first);
      const { events } = await engine.read('a', { from: 'end', limit: 10 });
      expect(events.map(({ json }) => JSON.parse(json))).toMatchObject([{ offset: 1, from: MOD, key: 'k', ...body }]);
    });

    test('[MOD2] [MOD4] a mute holds for what is stored after it, in the same turn too, and over a restart', async () => {
      await start();
      const before = say(EVE);
      const mute = act({ type: 'mute', member: EVE });
      const after = say(EVE);
      expect([(await before).ok, (await mute).ok, await after]).toMatchObject([true, true, { ok: false, code: 'muted' }]);
      for (let again = 0; again < 2; again++) {
        expect(await say(EVE)).toMatchObject({ ok: false, code: 'muted' });
        expect(await publish({ type: 'custom', name: 'move', data: 1 }, EVE)).toMatchObject({ code: 'muted' });
        expect(await say(ADA)).toMatchObject({ ok: true });
        await reopen();
      }
      expect(await act({ type: 'unmute', member: EVE })).toMatchObject({ ok: true });
      expect(await say(EVE)).toMatchObject({ ok: true });
      await reopen();
      expect(await say(EVE)).toMatchObject({ ok: true });
      expect(await engine.moderation('a')).toBeUndefined();
    });

    test('[MOD2] [PUB3] what was stored before is acknowledged again under its key, muted or not', async () => {
      await start();
      const stored = await say(EVE, 'k');
      await act({ type: 'ban', member: EVE });
      expect(await say(EVE, 'k')).toEqual(stored);
      expect(await say(EVE, 'other')).toMatchObject({ ok: false, code: 'banned' });
    });

    test('[MOD4] [MOD6] mutes and bans end at their time, and the ban is told before the mute', async () => {
      await start();
      await act({ type: 'mute', member: EVE, until: rig.now + 2 * MINUTE_MS });
      await act({ type: 'ban', member: EVE, until: rig.now + MINUTE_MS });
      expect(await say(EVE)).toMatchObject({ code: 'banned' });
      rig.now += MINUTE_MS;
      expect(await say(EVE)).toMatchObject({ code: 'muted' });
      rig.now += MINUTE_MS - 1;
      expect(await say(EVE)).toMatchObject({ code: 'muted' });
      rig.now += 1;
      expect(await say(EVE)).toMatchObject({ ok: true });
    });

    test('[MOD3] who may moderate is bound by none of it, and by all of it once they may not', async () => {
      await start();
      await act({ type: 'ban', member: MOD });
      await act({ type: 'slowMode', intervalMs: MINUTE_MS });
      expect([await say(MOD), await say(MOD)]).toMatchObject([{ ok: true }, { ok: true }]);
      expect(await publish({ type: 'message', text: 'hi' }, MOD, { moderator: false })).toMatchObject({ code: 'banned' });
    });

    test('[MOD5] in slow mode a member writes once an interval; what else they do is not slowed', async () => {
      await start();
      const { position } = (await say(EVE)) as Extract<PublishOutcome, { ok: true }>;
      await act({ type: 'slowMode', intervalMs: MINUTE_MS });
      const [first, second] = await Promise.all([say(EVE), say(EVE)]);
      expect(first).toMatchObject({ ok: true }); // what came before it was set does not count
      expect(second).toMatchObject({ ok: false, code: 'slow_mode', retryAfterMs: MINUTE_MS });
      expect(await say(ADA)).toMatchObject({ ok: true });
      const about = { epoch: position.epoch };
      expect(await publish({ type: 'edit', target: 1, text: 'better' }, EVE, about)).toMatchObject({ ok: true });
      expect(await publish({ type: 'custom', name: 'move', data: 1 }, EVE)).toMatchObject({ ok: true });
      rig.now += MINUTE_MS / 2;
      await reopen();
      expect(await say(EVE)).toMatchObject({ code: 'slow_mode', retryAfterMs: MINUTE_MS / 2 });
      rig.now += MINUTE_MS / 2;
      expect(await say(EVE)).toMatchObject({ ok: true });
      expect(await say(EVE)).toMatchObject({ code: 'slow_mode' });
      await act({ type: 'slowMode', intervalMs: 0 });
      expect([await say(EVE), await say(EVE)]).toMatchObject([{ ok: true }, { ok: true }]);
      expect(await engine.moderation('a')).toBeUndefined();
    });

    test('[MOD7] the latest pin counts; its message must be there, and its deletion unpins it', async () => {
      await start();
      await Promise.all([say(ADA), say(EVE)]);
      const about = { epoch: await epoch() };
      const pin = (target: number): Promise<PublishOutcome> =>
        publish({ type: 'moderation', action: { type: 'pin', target } }, MOD, about);
      const pinned = async (): Promise<number | undefined> => (await engine.moderation('a'))?.pinned;
      expect(await pin(7)).toMatchObject({ code: 'not_found' });
      expect(await publish({ type: 'moderation', action: { type: 'pin', target: 1 } }, MOD, { epoch: 'no' })).toMatchObject({
        code: 'epoch_changed',
      });
      await pin(1);
      await pin(2);
      for (let again = 0; again < 2; again++) {
        expect(await pinned()).toBe(2);
        await reopen();
      }
      await publish({ type: 'delete', target: 1 }, ADA, about);
      expect(await pinned()).toBe(2);
      await publish({ type: 'delete', target: 2 }, EVE, about);
      for (let again = 0; again < 2; again++) {
        expect(await pinned()).toBeUndefined();
        await reopen();
      }
      await say(ADA);
      await pin((await engine.read('a', { from: 'end', limit: 1 })).position.offset);
      expect(await pinned()).toBeDefined();
      await act({ type: 'unpin' });
      expect(await pinned()).toBeUndefined();
    });

    test('[MOD8] what is set outlasts the events that set it', async () => {
      await start({ maxEvents: 5, maxAgeMs: MINUTE_MS });
      await act({ type: 'ban', member: EVE });
      for (let i = 0; i < 10; i++) await say(ADA);
      rig.now += 3 * MINUTE_MS;
      for (let again = 0; again < 2; again++) {
        await say(ADA);
        expect((await engine.read('a', { from: 'end', limit: 1 })).start).toBeGreaterThan(1);
        expect(await say(EVE)).toMatchObject({ code: 'banned' });
        expect(await sanctions()).toEqual([{ kind: 'ban', member: EVE, at: 1_700_000_000_000, by: MOD }]);
        await reopen({ maxEvents: 5, maxAgeMs: MINUTE_MS });
      }
    });

    test('[MOD8] a room holds so many mutes and bans; those that have ended make room', async () => {
      await start();
      const until = rig.now + MINUTE_MS;
      const mute = (i: number, more: { until?: number } = {}): Promise<PublishOutcome> =>
        act({ type: 'mute', member: { id: `m${i}`, name: 'M' }, ...more });
      await Promise.all(Array.from({ length: MAX_SANCTIONS }, (_, i) => mute(i, i === 0 ? { until } : {})));
      expect(await mute(-1)).toMatchObject({ ok: false, code: 'too_many_sanctions' });
      expect(await mute(1)).toMatchObject({ ok: true }); // the same again is no other
      expect(await act({ type: 'slowMode', intervalMs: 1 })).toMatchObject({ ok: true });
      rig.now += MINUTE_MS;
      expect(await mute(-1)).toMatchObject({ ok: true });
      expect(await mute(-2)).toMatchObject({ ok: false, code: 'too_many_sanctions' });
    }, 60_000);

    test('[MOD9] [MOD10] opening gives what is set, and the feed goes on from there', async () => {
      await start();
      await act({ type: 'mute', member: EVE, until: rig.now + MINUTE_MS });
      await act({ type: 'slowMode', intervalMs: 1_000 });
      const fed: StoredEvent[] = [];
      const condition = new Condition();
      const heed = (events: readonly StoredEvent[]): void => {
        fed.push(...events);
        condition.changed();
      };
      const page = await engine.open('a', feedOf({ events: heed }), 10);
      expect(page.moderation?.page(undefined, 10, rig.now)).toEqual({
        sanctions: [{ kind: 'mute', member: EVE, until: rig.now + MINUTE_MS, at: rig.now, by: MOD }],
      });
      await act({ type: 'ban', member: ADA });
      await act({ type: 'unmute', member: EVE });
      await act({ type: 'slowMode', intervalMs: 0 });
      await condition.until(() => fed.length === 3 || undefined);
      const state = page.moderation ?? Moderation.none();
      for (const event of fed) state.apply(event);
      const both = [state, await engine.moderation('a')];
      expect(both.map((one) => one?.page(undefined, 10, rig.now).sanctions)).toMatchObject([
        [{ kind: 'ban' }],
        [{ kind: 'ban' }],
      ]);
      expect(both.map((one) => one?.slowMode)).toEqual([undefined, undefined]);
      expect((await engine.moderation('a', ADA.id))?.of(ADA.id, rig.now)).toMatchObject([{ kind: 'ban', member: ADA }]);
    });
  });
}
