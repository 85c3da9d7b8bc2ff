// All operations of the server API.

import type { EventBody, JsonValue } from '@chat-room/sdk/protocol';
import { decodeClientFrame } from '@chat-room/sdk/protocol';
import { Type } from 'typebox';
import type { PageQuery } from '../engine/engine.ts';
import type { Operations, Publication } from '../operations.ts';
import { isForRoom } from './api-key.ts';
import type { ApiOperation } from './operation.ts';
import { operation } from './operation.ts';
import { Problem, problemOf } from './problem.ts';
import * as schemas from './schemas.ts';

const DEFAULT_PAGE = 50;
const nothing = Type.Object({}, { additionalProperties: false });
const inRoom = Type.Object({ room: schemas.RoomName });
const message = Type.Object({
  room: schemas.RoomName,
  offset: Type.Integer({ minimum: 1, description: 'Offset of the message.' }),
});

export const API_OPERATIONS: readonly ApiOperation[] = [
  operation({
    id: 'listRooms',
    method: 'GET',
    path: '/rooms',
    summary: 'List the rooms that have a log',
    description:
      'Page by page, in an order of the store. A key that is for some rooms only sees those; a page may then hold fewer.',
    scope: 'rooms',
    parameters: nothing,
    query: Type.Object(
      { after: Type.Optional(schemas.Cursor), limit: Type.Optional(schemas.PageLimit) },
      { additionalProperties: false },
    ),
    body: undefined,
    status: 200,
    result: schemas.RoomPage,
    problems: [],
    handle: async ({ query: { after, limit = DEFAULT_PAGE }, key }, operations) => {
      const page = await operations.rooms(after, limit);
      return { ...page, rooms: page.rooms.filter(({ room }) => isForRoom(key, room)) };
    },
  }),
  operation({
    id: 'getRoom',
    method: 'GET',
    path: '/rooms/{room}',
    summary: 'Figures of a room',
    description: 'A room that nobody has used has an empty log.',
    scope: 'rooms',
    parameters: inRoom,
    query: nothing,
    body: undefined,
    status: 200,
    result: schemas.RoomFigures,
    problems: [],
    handle: ({ path }, operations) => operations.stats(path.room),
  }),
  operation({
    id: 'publishEvent',
    method: 'POST',
    path: '/rooms/{room}/events',
    summary: 'Publish an event to a room',
    description:
      'Answered once it is stored; everyone in the room gets it like any other. With an idempotency key it may be sent again: it is stored once. ' +
      'Edits, deletions and reactions name the offset of a message in `target`.',
    scope: 'publish',
    parameters: inRoom,
    query: nothing,
    body: Type.Object(
      {
        user: schemas.Member,
        event: schemas.EventBody,
        key: Type.Optional(schemas.IdempotencyKey),
        epoch: Type.Optional(schemas.Epoch),
      },
      { additionalProperties: false },
    ),
    example: { user: { id: 'bot-1', name: 'Bot' }, event: { type: 'message', text: 'The build is green.' }, key: 'build-4711' },
    status: 201,
    result: schemas.Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: ({ path, body: { user, event, key, epoch }, idempotencyKey }, operations) =>
      publish(operations, path.room, { from: user, event: event as EventBody, key: key ?? idempotencyKey, epoch }),
  }),
  operation({
    id: 'readHistory',
    method: 'GET',
    path: '/rooms/{room}/events',
    summary: 'Read the log of a room',
    description:
      '`before` and `after` are exclusive; without either, the last events. Events come in rising order. A page ends early rather than grow large.',
    scope: 'history',
    parameters: inRoom,
    query: Type.Object(
      { before: Type.Optional(schemas.Offset), after: Type.Optional(schemas.Offset), limit: Type.Optional(schemas.PageLimit) },
      { additionalProperties: false },
    ),
    body: undefined,
    status: 200,
    result: schemas.HistoryPage,
    problems: [],
    handle: async ({ path: { room }, query }, operations) => {
      const { position, start, events } = await operations.history(room, pageQuery(query));
      return { room, position, start, events: events.map(({ json }) => JSON.parse(json)) };
    },
  }),
  operation({
    id: 'editMessage',
    method: 'PATCH',
    path: '/rooms/{room}/messages/{offset}',
    summary: 'Edit a message',
    description: 'Stored as an `edit` event. Only its author may edit a message: `user` must be whom it is from.',
    scope: 'moderate',
    parameters: message,
    query: nothing,
    body: Type.Object(
      {
        user: schemas.Member,
        text: Type.String({ minLength: 1 }),
        key: Type.Optional(schemas.IdempotencyKey),
        epoch: Type.Optional(schemas.Epoch),
      },
      { additionalProperties: false },
    ),
    example: { user: { id: 'bot-1', name: 'Bot' }, text: 'The build is red.' },
    status: 200,
    result: schemas.Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: ({ path: { room, offset }, body: { user, text, key, epoch }, idempotencyKey }, operations) =>
      publish(operations, room, { from: user, event: { type: 'edit', target: offset, text }, key: key ?? idempotencyKey, epoch }),
  }),
  operation({
    id: 'deleteMessage',
    method: 'DELETE',
    path: '/rooms/{room}/messages/{offset}',
    summary: 'Delete a message',
    description:
      'Whoever wrote it. The message and its edits read as redacted from then on. It is deleted for the key, whose id is the member, unless `user` names another.',
    scope: 'moderate',
    parameters: message,
    query: Type.Object(
      {
        user: Type.Optional(Type.String({ minLength: 1, description: 'Id of whom it is deleted for.' })),
        name: Type.Optional(Type.String({ minLength: 1, description: 'Their name. Default: the id.' })),
        epoch: Type.Optional(schemas.Epoch),
      },
      { additionalProperties: false },
    ),
    body: undefined,
    status: 200,
    result: schemas.Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: ({ path: { room, offset }, query: { user, name, epoch }, idempotencyKey, key }, operations) => {
      const id = user ?? `api:${key.id}`;
      const from = { id, name: name ?? user ?? key.id };
      return publish(operations, room, { from, event: { type: 'delete', target: offset }, key: idempotencyKey, epoch });
    },
  }),
  operation({
    id: 'listMembers',
    method: 'GET',
    path: '/rooms/{room}/members',
    summary: 'List who is in a room',
    description: 'Over all relays, in the order of their ids.',
    scope: 'members',
    parameters: inRoom,
    query: Type.Object(
      { after: Type.Optional(schemas.Cursor), limit: Type.Optional(schemas.PageLimit) },
      { additionalProperties: false },
    ),
    body: undefined,
    status: 200,
    result: schemas.MemberPage,
    problems: [],
    handle: async ({ path, query: { after, limit = DEFAULT_PAGE } }, operations) => {
      const page = await operations.members(path.room, after, limit);
      return { ...page, members: [...page.members] };
    },
  }),
  operation({
    id: 'sendToChannel',
    method: 'POST',
    path: '/channels/{channel}/messages',
    summary: 'Send to a channel by its name',
    description:
      'On whichever relay it lives. `delivered` means that its connection has it. Nothing is kept for a channel that is gone.',
    scope: 'send',
    parameters: Type.Object({ channel: Type.String({ minLength: 1, maxLength: 200, description: "The channel's name." }) }),
    query: nothing,
    body: schemas.LayerMessage,
    example: { type: 'direct', name: 'invitation', data: { room: 'table-7' } },
    status: 200,
    result: schemas.Delivery,
    problems: ['channel_gone'],
    handle: async ({ path, body }, operations) => {
      const outcome = await operations.send(path.channel, body);
      if (outcome === 'gone') throw new Problem('channel_gone', 'No relay has a channel of that name.');
      if (outcome === 'full')
        throw new Problem('unavailable', 'The channel is busy, and as many messages wait for it as may.', { retryAfterS: 1 });
      return { outcome };
    },
  }),
  operation({
    id: 'disconnectChannel',
    method: 'DELETE',
    path: '/channels/{channel}',
    summary: 'Disconnect a channel',
    description: 'Its connection is closed with 4502; the client does not come back by itself.',
    scope: 'disconnect',
    parameters: Type.Object({ channel: Type.String({ minLength: 1, maxLength: 200, description: "The channel's name." }) }),
    query: Type.Object({ reason: Type.Optional(schemas.Reason) }, { additionalProperties: false }),
    body: undefined,
    status: 200,
    result: schemas.Disconnected,
    problems: ['channel_gone'],
    handle: async ({ path, query }, operations) => {
      const connections = await operations.disconnect({ channel: path.channel }, query.reason ?? 'kicked');
      if (connections === 0) throw new Problem('channel_gone', 'No relay has a channel of that name.');
      return { connections };
    },
  }),
  operation({
    id: 'disconnectUser',
    method: 'DELETE',
    path: '/users/{user}/connections',
    summary: 'Disconnect a user',
    description: 'All connections that speak for the member, on every relay that answers within 2 s, are closed with 4502.',
    scope: 'disconnect',
    parameters: Type.Object({ user: Type.String({ minLength: 1, maxLength: 400, description: "The member's id." }) }),
    query: Type.Object({ reason: Type.Optional(schemas.Reason) }, { additionalProperties: false }),
    body: undefined,
    status: 200,
    result: schemas.Disconnected,
    problems: [],
    handle: async ({ path, query }, operations) => ({
      connections: await operations.disconnect({ user: path.user }, query.reason ?? 'kicked'),
    }),
  }),
];

interface Asked {
  readonly from: Publication['from'];
  readonly event: EventBody;
  readonly key: string | undefined;
  readonly epoch: string | undefined;
}

async function publish(operations: Operations, room: string, { from, event, key, epoch }: Asked) {
  const outcome = await operations.publish(room, {
    from,
    event: checkEvent(event, key),
    ...(key !== undefined && { key }),
    ...(epoch !== undefined && { epoch }),
  });
  if (!outcome.ok) throw problemOf(outcome.code, outcome.detail, outcome.retryAfterMs);
  return { room, position: outcome.position, at: outcome.at };
}

/** The protocol's decoder knows every bound of an event, for a client's as for a server's. */
function checkEvent(event: EventBody, key = 'key'): EventBody {
  const frame = { type: 'publish', id: 1, room: 'room', key, epoch: 'any', event: event as unknown as JsonValue };
  const decoded = decodeClientFrame(JSON.stringify(frame));
  if (decoded.ok && decoded.frame.type === 'publish') return decoded.frame.event;
  const detail = decoded.ok ? 'it is no event' : decoded.detail;
  throw new Problem('bad_request', `The event can't be published: ${detail}.`, { errors: [{ pointer: '/body/event', detail }] });
}

function pageQuery({ before, after, limit = DEFAULT_PAGE }: { before?: number; after?: number; limit?: number }): PageQuery {
  if (before !== undefined && after !== undefined) {
    const detail = 'Only one of before and after can be asked for.';
    throw new Problem('bad_request', detail, { errors: [{ pointer: '/query/after', detail }] });
  }
  if (before !== undefined) return { from: 'before', offset: before, limit };
  return after === undefined ? { from: 'end', limit } : { from: 'after', offset: after, limit };
}
