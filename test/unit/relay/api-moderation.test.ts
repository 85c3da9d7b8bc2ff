// The operations of moderators, on operations that a test answers for.

import type { Sanction } from '@chat-room/sdk/protocol';
import { MAX_SLOW_MODE_MS } from '@chat-room/sdk/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { SCOPES } from '../../../relay/src/api/api-key.ts';
import { ApiRig } from '../../support/api-rig.ts';

const MOD = { id: 'mod', name: 'Mod' };
const EVE = { id: 'eve/1', name: 'Eve' };
const AT_EVE = encodeURIComponent(EVE.id);

let rig: ApiRig;
const published = (): unknown => rig.operations.calls.filter(({ name }) => name === 'publish').map(({ args }) => args);

beforeEach(() => {
  rig = new ApiRig();
});

describe('what moderators do', () => {
  test.each([
    ['POST', '/rooms/r/bans', { user: MOD, member: EVE, until: 5 }, { type: 'ban', member: EVE, until: 5 }],
    ['POST', '/rooms/r/mutes', { user: MOD, member: EVE }, { type: 'mute', member: EVE }],
    ['POST', '/rooms/r/pin', { user: MOD, offset: 3 }, { type: 'pin', target: 3 }],
    ['PATCH', '/rooms/r', { user: MOD, slowModeMs: 1_000 }, { type: 'slowMode', intervalMs: 1_000 }],
  ])('[MOD1] %s %s is an event of whom it names', async (method, path, body, action) => {
    const answer = await rig.ask(method, path, { body: { ...body, key: 'k' } });
    expect([200, 201]).toContain(answer.status);
    expect(published()).toEqual([['r', { from: MOD, event: { type: 'moderation', action }, key: 'k' }]]);
  });

  test('[MOD7] DELETE pin unpins, by the key where nobody is named', async () => {
    expect((await rig.ask('DELETE', '/rooms/r/pin', { headers: { 'idempotency-key': 'k' } })).status).toBe(200);
    const event = { type: 'moderation', action: { type: 'unpin' } };
    expect(published()).toEqual([['r', { from: { id: 'api:test', name: 'test' }, event, key: 'k' }]]);
  });

  test.each([
    ['bans', 'unban'],
    ['mutes', 'unmute'],
  ])('[MOD1] DELETE %s lifts what holds, and says whose it was; where nothing does there is nothing', async (what, type) => {
    const sanctions: readonly Sanction[] = [
      { kind: 'mute', member: EVE, at: 1, by: MOD },
      { kind: 'ban', member: EVE, at: 1, by: MOD },
    ];
    rig.operations.answers.sanctionsOn = () => sanctions;
    expect((await rig.ask('DELETE', `/rooms/r/${what}/${AT_EVE}?user=mod&name=Mod`)).status).toBe(200);
    expect(rig.operations.calls[0]).toEqual({ name: 'sanctionsOn', args: ['r', EVE.id] });
    expect(published()).toEqual([['r', { from: MOD, event: { type: 'moderation', action: { type, member: EVE } } }]]);
    rig.operations.answers.sanctionsOn = () => sanctions.filter(({ kind }) => !type.endsWith(kind));
    expect(await rig.ask('DELETE', `/rooms/r/${what}/${AT_EVE}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(published()).toHaveLength(1);
  });

  test('[MOD8] what the log refuses is told', async () => {
    rig.operations.answers.publish = () => ({ ok: false, code: 'too_many_sanctions' });
    const answer = await rig.ask('POST', '/rooms/r/bans', { body: { user: MOD, member: EVE } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'refused', protocolCode: 'too_many_sanctions' } });
  });

  test.each([
    ['POST', '/rooms/r/bans', { user: MOD }],
    ['POST', '/rooms/r/bans', { user: MOD, member: { id: '', name: 'x' } }],
    ['POST', '/rooms/r/mutes', { user: MOD, member: EVE, until: -1 }],
    ['POST', '/rooms/r/mutes', { user: MOD, member: EVE, forever: true }],
    ['POST', '/rooms/r/pin', { user: MOD, offset: 0 }],
    ['PATCH', '/rooms/r', { user: MOD, slowModeMs: MAX_SLOW_MODE_MS + 1 }],
    ['PATCH', '/rooms/r', { user: MOD }],
  ])('[P6] %s %s %j is not valid', async (method, path, body) => {
    expect(await rig.ask(method, path, { body })).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    expect(rig.operations.calls).toEqual([]);
  });
});

describe('who may', () => {
  test('[P8] a key without the scope moderate does none of it, by whichever way', async () => {
    rig = new ApiRig({ scopes: SCOPES.filter((scope) => scope !== 'moderate') as unknown as typeof SCOPES });
    const event = { type: 'moderation', action: { type: 'ban', member: EVE } };
    const answers = [
      await rig.ask('POST', '/rooms/r/bans', { body: { user: MOD, member: EVE } }),
      await rig.ask('GET', '/rooms/r/sanctions'),
      await rig.ask('POST', '/rooms/r/events', { body: { user: MOD, event } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(rig.operations.calls).toEqual([]);
  });

  test('[P6] events of moderation are checked to their last field', async () => {
    const publish = (action: object) =>
      rig.ask('POST', '/rooms/r/events', { body: { user: MOD, event: { type: 'moderation', action } } });
    expect((await publish({ type: 'ban', member: EVE })).status).toBe(201);
    expect((await publish({ type: 'ban', member: EVE, why: 'spam' })).status).toBe(400);
    expect((await publish({ type: 'ban', member: { ...EVE, ip: '192.0.2.1' } })).status).toBe(400);
    expect((await publish({ type: 'paint' })).status).toBe(400);
    expect(rig.operations.calls).toHaveLength(1);
  });
});

test('[MOD10] sanctions are listed page by page', async () => {
  const sanction: Sanction = { kind: 'ban', member: EVE, until: 9, at: 1, by: MOD };
  rig.operations.answers.sanctions = () => ({ sanctions: [sanction], next: 'ban:eve/1' });
  const answer = await rig.ask('GET', '/rooms/r/sanctions?after=ban%3Aada&limit=1');
  expect(answer).toMatchObject({ status: 200, body: { sanctions: [sanction], next: 'ban:eve/1' } });
  expect(rig.operations.calls).toEqual([{ name: 'sanctions', args: ['r', 'ban:ada', 1] }]);
});
