// Operations of moderators: each but the list is stored as a `moderation` event, and holds for what is stored after it.

import type { ModerationAction, Sanction } from '@chat-room/sdk/protocol';
import { MAX_SANCTIONS, MAX_SLOW_MODE_MS } from '@chat-room/sdk/protocol';
import { Type } from 'typebox';
import type { Operations } from '../operations.ts';
import type { ApiKeyOptions } from './api-key.ts';
import type { ApiOperation } from './operation.ts';
import { inRoom, operation } from './operation.ts';
import { Problem } from './problem.ts';
import { oneKey, publish, speakerOf } from './publishing.ts';
import { SanctionPage, Stored } from './results.ts';
import * as schemas from './schemas.ts';

const closed = { additionalProperties: false } as const;
const onMember = Type.Object({ room: schemas.RoomName, member: schemas.MemberId });
const speaker = Type.Object({ user: Type.Optional(schemas.MemberId), name: Type.Optional(schemas.MemberName) }, closed);
const sanction = Type.Object(
  {
    user: schemas.Member,
    member: schemas.Member,
    until: Type.Optional(schemas.Until),
    key: Type.Optional(schemas.IdempotencyKey),
  },
  closed,
);
const MODERATOR = { id: 'mod-1', name: 'Mod' };
const MEMBER = { id: 'u-7', name: 'Eve' };
const EXEMPT =
  'It binds nobody who may moderate the room. A guest may come back as another guest: only members with tokens stay who they are.';

export const MODERATION_OPERATIONS: readonly ApiOperation[] = [
  operation({
    id: 'listSanctions',
    method: 'GET',
    path: '/rooms/{room}/sanctions',
    summary: 'List the mutes and bans of a room',
    description: 'Those that hold now, in an order of their own: only `next` says whether there are more.',
    scope: 'moderate',
    parameters: inRoom,
    query: Type.Object({ after: Type.Optional(schemas.Cursor), limit: Type.Optional(schemas.PageLimit) }, closed),
    body: undefined,
    status: 200,
    result: SanctionPage,
    problems: [],
    handle: async ({ path, query: { after, limit = schemas.DEFAULT_PAGE } }, operations) => {
      const list = await operations.sanctions(path.room, after, limit);
      return { ...list, sanctions: [...list.sanctions] };
    },
  }),
  operation({
    id: 'banMember',
    method: 'POST',
    path: '/rooms/{room}/bans',
    summary: 'Ban a member from a room',
    description: `They may neither read nor write there until the ban ends or is lifted: their connections leave the room at once, on every relay. ${EXEMPT}
A room holds ${MAX_SANCTIONS} mutes and bans; one more is \`refused\`.`,
    scope: 'moderate',
    parameters: inRoom,
    query: Type.Object({}, closed),
    body: sanction,
    examples: { ban: { user: MODERATOR, member: MEMBER, until: 1_798_761_600_000 } },
    status: 201,
    result: Stored,
    problems: ['conflict', 'refused'],
    handle: ({ path, body, idempotencyKey }, operations) => sanctionMember('ban', path.room, body, idempotencyKey, operations),
  }),
  operation({
    id: 'unbanMember',
    method: 'DELETE',
    path: '/rooms/{room}/bans/{member}',
    summary: 'Lift a ban',
    description: 'The member may join again. One who is not banned is `not_found`.',
    scope: 'moderate',
    parameters: onMember,
    query: speaker,
    body: undefined,
    status: 200,
    result: Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: ({ path, query, idempotencyKey, key }, operations) =>
      lift('ban', { ...path, ...query }, idempotencyKey, key, operations),
  }),
  operation({
    id: 'muteMember',
    method: 'POST',
    path: '/rooms/{room}/mutes',
    summary: 'Mute a member in a room',
    description: `They may read and not write until the mute ends or is lifted. ${EXEMPT}`,
    scope: 'moderate',
    parameters: inRoom,
    query: Type.Object({}, closed),
    body: sanction,
    examples: { mute: { user: MODERATOR, member: MEMBER } },
    status: 201,
    result: Stored,
    problems: ['conflict', 'refused'],
    handle: ({ path, body, idempotencyKey }, operations) => sanctionMember('mute', path.room, body, idempotencyKey, operations),
  }),
  operation({
    id: 'unmuteMember',
    method: 'DELETE',
    path: '/rooms/{room}/mutes/{member}',
    summary: 'Lift a mute',
    description: 'The member may write again. One who is not muted is `not_found`.',
    scope: 'moderate',
    parameters: onMember,
    query: speaker,
    body: undefined,
    status: 200,
    result: Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: ({ path, query, idempotencyKey, key }, operations) =>
      lift('mute', { ...path, ...query }, idempotencyKey, key, operations),
  }),
  operation({
    id: 'pinMessage',
    method: 'POST',
    path: '/rooms/{room}/pin',
    summary: 'Pin a message',
    description: 'In the place of the one that was pinned before. A message that is deleted is not pinned any more.',
    scope: 'moderate',
    parameters: inRoom,
    query: Type.Object({}, closed),
    body: Type.Object(
      {
        user: schemas.Member,
        offset: schemas.MessageOffset,
        key: Type.Optional(schemas.IdempotencyKey),
        epoch: Type.Optional(schemas.Epoch),
      },
      closed,
    ),
    examples: { pin: { user: MODERATOR, offset: 41 } },
    status: 201,
    result: Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: ({ path, body: { user, offset, key, epoch }, idempotencyKey }, operations) => {
      const event = { type: 'moderation', action: { type: 'pin', target: offset } } as const;
      return publish(operations, path.room, { from: user, event, key: oneKey(key, idempotencyKey), epoch });
    },
  }),
  operation({
    id: 'unpinMessage',
    method: 'DELETE',
    path: '/rooms/{room}/pin',
    summary: 'Unpin the message that is pinned',
    description: 'Where none is, this changes nothing, and is stored all the same.',
    scope: 'moderate',
    parameters: inRoom,
    query: speaker,
    body: undefined,
    status: 200,
    result: Stored,
    problems: ['conflict', 'refused'],
    handle: ({ path, query, idempotencyKey, key }, operations) => {
      const event = { type: 'moderation', action: { type: 'unpin' } } as const;
      return publish(operations, path.room, { from: speakerOf(query, key), event, key: idempotencyKey, epoch: undefined });
    },
  }),
  operation({
    id: 'setSlowMode',
    method: 'PATCH',
    path: '/rooms/{room}',
    summary: 'Set the slow mode of a room',
    description: `So many milliseconds must lie between two messages of one member, at most ${MAX_SLOW_MODE_MS}; 0 ends it. It binds nobody who may moderate.`,
    scope: 'moderate',
    parameters: inRoom,
    query: Type.Object({}, closed),
    body: Type.Object(
      { user: schemas.Member, slowModeMs: schemas.SlowModeMs, key: Type.Optional(schemas.IdempotencyKey) },
      closed,
    ),
    examples: { slowly: { user: MODERATOR, slowModeMs: 30_000 }, off: { user: MODERATOR, slowModeMs: 0 } },
    status: 200,
    result: Stored,
    problems: ['conflict', 'refused'],
    handle: ({ path, body: { user, slowModeMs, key }, idempotencyKey }, operations) => {
      const event = { type: 'moderation', action: { type: 'slowMode', intervalMs: slowModeMs } } as const;
      return publish(operations, path.room, { from: user, event, key: oneKey(key, idempotencyKey), epoch: undefined });
    },
  }),
];

interface SanctionBody {
  readonly user: Sanction['by'];
  readonly member: Sanction['member'];
  readonly until?: number;
  readonly key?: string;
}

function sanctionMember(
  type: Sanction['kind'],
  room: string,
  { user, member, until, key }: SanctionBody,
  idempotencyKey: string | undefined,
  operations: Operations,
) {
  const action: ModerationAction = { type, member, ...(until !== undefined && { until }) };
  const asked = { from: user, key: oneKey(key, idempotencyKey), epoch: undefined };
  return publish(operations, room, { ...asked, event: { type: 'moderation', action } });
}

interface Lifting {
  readonly room: string;
  readonly member: string;
  readonly user?: string;
  readonly name?: string;
}

async function lift(
  kind: Sanction['kind'],
  { room, member, ...speaking }: Lifting,
  idempotencyKey: string | undefined,
  key: ApiKeyOptions,
  operations: Operations,
) {
  const known = (await operations.sanctionsOn(room, member)).find((one) => one.kind === kind);
  if (!known) throw new Problem('not_found', `The room holds no ${kind} of that member.`);
  const action: ModerationAction = { type: `un${kind}`, member: known.member };
  const asked = { from: speakerOf(speaking, key), key: idempotencyKey, epoch: undefined };
  return publish(operations, room, { ...asked, event: { type: 'moderation', action } });
}
