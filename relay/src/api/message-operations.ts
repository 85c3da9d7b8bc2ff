// Operations on the log of a room.

import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { PageQuery } from '../engine/engine.ts';
import type { ApiOperation } from './operation.ts';
import { inRoom, NOTHING, operation } from './operation.ts';
import { faultAt, Problem } from './problem.ts';
import { oneKey, publish, speakerOf } from './publishing.ts';
import { HistoryPage, Stored } from './results.ts';
import * as schemas from './schemas.ts';

const message = Type.Object({ room: schemas.RoomName, offset: schemas.MessageOffset });
const history = Type.Object(
  {
    before: Type.Optional(schemas.Offset),
    after: Type.Optional(schemas.Offset),
    limit: Type.Optional(schemas.PageLimit),
  },
  { additionalProperties: false },
);
const BOT = { id: 'bot-1', name: 'Bot' };

export const MESSAGE_OPERATIONS: readonly ApiOperation[] = [
  operation({
    id: 'publishEvent',
    method: 'POST',
    path: '/rooms/{room}/events',
    summary: 'Publish an event to a room',
    description: `Answered once it is stored; everyone in the room gets it like any other event. A hook before publishes is asked here too.

With an idempotency key the request may be repeated: the event is stored once, and the answer says where it stands. Without one a
repeat is another event. Edits, deletions and reactions name the offset of a message in \`target\`; they have the rights of a moderator. Events of
moderation need the scope \`moderate\` too.`,
    scope: 'publish',
    parameters: inRoom,
    query: NOTHING,
    body: Type.Object(
      {
        user: schemas.Member,
        event: schemas.EventBody,
        key: Type.Optional(schemas.IdempotencyKey),
        epoch: Type.Optional(schemas.Epoch),
      },
      { additionalProperties: false },
    ),
    examples: {
      message: { user: BOT, event: { type: 'message', text: 'The build is green.' }, key: 'build-4711' },
      reaction: { user: BOT, event: { type: 'reaction', target: 41, reaction: '👍', action: 'add' } },
      custom: { user: BOT, event: { type: 'custom', name: 'build', data: { number: 4711, isGreen: true } } },
    },
    status: 201,
    result: Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: async ({ path, body: { user, event, key, epoch }, idempotencyKey, key: { id, scopes } }, operations) => {
      if (event.type === 'moderation' && !scopes.includes('moderate'))
        throw new Problem('forbidden', `The key ${id} has not the scope moderate, which events of moderation need.`);
      return publish(operations, path.room, { from: user, event, key: oneKey(key, idempotencyKey), epoch });
    },
  }),
  operation({
    id: 'readHistory',
    method: 'GET',
    path: '/rooms/{room}/events',
    summary: 'Read the log of a room',
    description: `\`before\` and \`after\` are exclusive; without either, these are the last events. They come in rising order, one offset after the other. A page ends
early rather than grow large, but holds an event where there is one.`,
    scope: 'history',
    parameters: inRoom,
    query: history,
    body: undefined,
    status: 200,
    result: HistoryPage,
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
    description:
      'Stored as an `edit` event. Only its author edits a message: `user` must be whom it is from, else it is `refused`.',
    scope: 'moderate',
    parameters: message,
    query: NOTHING,
    body: Type.Object(
      {
        user: schemas.Member,
        text: schemas.EditText,
        key: Type.Optional(schemas.IdempotencyKey),
        epoch: Type.Optional(schemas.Epoch),
      },
      { additionalProperties: false },
    ),
    examples: { edit: { user: BOT, text: 'The build is red.' } },
    status: 200,
    result: Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: ({ path: { room, offset }, body: { user, text, key, epoch }, idempotencyKey }, operations) => {
      const event = { type: 'edit', target: offset, text } as const;
      return publish(operations, room, { from: user, event, key: oneKey(key, idempotencyKey), epoch });
    },
  }),
  operation({
    id: 'deleteMessage',
    method: 'DELETE',
    path: '/rooms/{room}/messages/{offset}',
    summary: 'Delete a message',
    description: `Whoever wrote it. It and its edits read as \`redacted\` from then on, for everyone; the deletion is an event of its own, by the member
\`user\`, or by \`api:\` and the id of the key.`,
    scope: 'moderate',
    parameters: message,
    query: Type.Object(
      {
        user: Type.Optional(schemas.MemberId),
        name: Type.Optional(schemas.MemberName),
        epoch: Type.Optional(schemas.Epoch),
      },
      { additionalProperties: false },
    ),
    body: undefined,
    status: 200,
    result: Stored,
    problems: ['conflict', 'refused', 'not_found'],
    handle: ({ path: { room, offset }, query, idempotencyKey, key }, operations) => {
      const event = { type: 'delete', target: offset } as const;
      return publish(operations, room, { from: speakerOf(query, key), event, key: idempotencyKey, epoch: query.epoch });
    },
  }),
];

function pageQuery({ before, after, limit = schemas.DEFAULT_PAGE }: Static<typeof history>): PageQuery {
  if (before !== undefined && after !== undefined) throw faultAt('/query/after', 'must not be given beside before');
  if (before !== undefined) return { from: 'before', offset: before, limit };
  return after === undefined ? { from: 'end', limit } : { from: 'after', offset: after, limit };
}
