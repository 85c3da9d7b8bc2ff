// Operations on rooms as wholes: which there are, and who is in them.

import { Type } from 'typebox';
import { isForRoom } from './api-key.ts';
import type { ApiOperation } from './operation.ts';
import { inRoom, NOTHING, operation } from './operation.ts';
import { MemberPage, RoomFigures, RoomPage } from './results.ts';
import { Cursor, DEFAULT_PAGE, PageLimit } from './schemas.ts';

const page = Type.Object({ after: Type.Optional(Cursor), limit: Type.Optional(PageLimit) }, { additionalProperties: false });

export const ROOM_OPERATIONS: readonly ApiOperation[] = [
  operation({
    id: 'listRooms',
    method: 'GET',
    path: '/rooms',
    summary: 'List the rooms that have a log',
    description:
      'Page by page, in an order of the store: only `next` says whether there are more. A key that is for some rooms sees those alone; a page may then hold fewer than `limit`, or none.',
    scope: 'rooms',
    parameters: NOTHING,
    query: page,
    body: undefined,
    status: 200,
    result: RoomPage,
    problems: [],
    handle: async ({ query: { after, limit = DEFAULT_PAGE }, key }, operations) => {
      const list = await operations.rooms(after, limit);
      return { ...list, rooms: list.rooms.filter(({ room }) => isForRoom(key, room)) };
    },
  }),
  operation({
    id: 'getRoom',
    method: 'GET',
    path: '/rooms/{room}',
    summary: 'Figures of a room',
    description:
      'How far its log reaches, and how many are in it. A room that nobody has used has an empty log: it is no error to ask.',
    scope: 'rooms',
    parameters: inRoom,
    query: NOTHING,
    body: undefined,
    status: 200,
    result: RoomFigures,
    problems: [],
    handle: ({ path }, operations) => operations.stats(path.room),
  }),
  operation({
    id: 'listMembers',
    method: 'GET',
    path: '/rooms/{room}/members',
    summary: 'List who is in a room',
    description: 'Over all relays, in the order of their ids. A member with several connections is named once.',
    scope: 'members',
    parameters: inRoom,
    query: page,
    body: undefined,
    status: 200,
    result: MemberPage,
    problems: [],
    handle: async ({ path, query: { after, limit = DEFAULT_PAGE } }, operations) => {
      const list = await operations.members(path.room, after, limit);
      return { ...list, members: [...list.members] };
    },
  }),
];
