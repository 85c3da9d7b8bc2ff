// What comes out of the server API.

import { Type } from 'typebox';

const Position = Type.Object(
  { epoch: Type.String(), offset: Type.Integer() },
  {
    description: 'A place in a log. Offsets of another epoch mean nothing.',
    examples: [{ epoch: 'Zk3vQ0aR', offset: 41 }],
  },
);
const Person = Type.Object({ id: Type.String(), name: Type.String() }, { examples: [{ id: 'u-1', name: 'Ada' }] });
const Next = Type.String({ description: 'Ask for the page after this one with `after`. Absent on the last.' });

const StoredEvent = Type.Object(
  {
    offset: Type.Integer({ description: 'Its place in the log: one more than the event before.' }),
    at: Type.Integer({ description: 'Milliseconds since 1970.' }),
    from: Person,
    key: Type.String({ description: 'Its idempotency key.' }),
    type: Type.String({
      description: '`message`, `edit`, `delete`, `reaction`, `custom`, `moderation`, or `redacted` where something was deleted.',
    }),
  },
  {
    additionalProperties: true,
    description: 'An event of the log, with the fields of its type.',
    examples: [
      { offset: 41, at: 1_735_689_600_000, from: { id: 'u-1', name: 'Ada' }, key: 'k-1', type: 'message', text: 'Hello!' },
    ],
  },
);
const FieldFault = Type.Object({
  pointer: Type.String({
    description: 'JSON pointer below `/path`, `/query`, `/headers` or `/body`.',
    examples: ['/body/user/id'],
  }),
  detail: Type.String({ description: 'What would be right. Not stable.' }),
});

export const Stored = Type.Object(
  {
    room: Type.String(),
    position: Position,
    at: Type.Integer({ description: 'Milliseconds since 1970.' }),
  },
  { description: 'Where the event stands: `position.offset` is what edits, deletions and reactions name.' },
);
export const HistoryPage = Type.Object(
  {
    room: Type.String(),
    position: Position,
    start: Type.Integer({ description: 'Lowest offset that is kept; `position.offset + 1` where none is.' }),
    events: Type.Array(StoredEvent),
  },
  { description: 'A part of the log without a gap. `position` is the end of the whole log.' },
);
export const MemberPage = Type.Object({
  members: Type.Array(Person),
  count: Type.Integer({ description: 'How many there are in all, over all relays.' }),
  next: Type.Optional(Next),
});
export const RoomPage = Type.Object({
  rooms: Type.Array(Type.Object({ room: Type.String(), position: Position })),
  next: Type.Optional(Next),
});
export const RoomFigures = Type.Object({
  room: Type.String(),
  position: Position,
  start: Type.Integer({ description: 'Lowest offset that is kept.' }),
  members: Type.Integer({ description: 'Present, over all relays.' }),
  connections: Type.Integer({ description: 'In the room, on the relay that answers.' }),
  pinned: Type.Optional(Type.Integer({ description: 'Offset of the pinned message, where one is.' })),
  slowModeMs: Type.Integer({ description: 'Milliseconds that must lie between two messages of one member; 0: none.' }),
});
const Sanction = Type.Object({
  kind: Type.Union([Type.Literal('mute'), Type.Literal('ban')]),
  member: Person,
  until: Type.Optional(Type.Integer({ description: 'When it ends by itself, in milliseconds since 1970. Absent: never.' })),
  at: Type.Integer({ description: 'When it was stored, in milliseconds since 1970.' }),
  by: Person,
});
export const SanctionPage = Type.Object({ sanctions: Type.Array(Sanction), next: Type.Optional(Next) });
export const Delivery = Type.Object({ outcome: Type.Literal('delivered') });
export const Disconnected = Type.Object({ connections: Type.Integer({ description: 'How many there were.', examples: [1] }) });

export const ProblemDetails = Type.Object(
  {
    type: Type.String({ format: 'uri', examples: ['urn:chat-room:problem:bad_request'] }),
    title: Type.String({ examples: ['The request is not valid'] }),
    status: Type.Integer({ examples: [400] }),
    detail: Type.String({ description: 'For a developer. Not stable.' }),
    instance: Type.String({ description: 'The path that was asked for.' }),
    code: Type.String({ description: 'Stable: what a program decides by.', examples: ['bad_request'] }),
    requestId: Type.String({ description: 'Names the request in the log of the relay.' }),
    protocolCode: Type.Optional(
      Type.String({
        description: 'The code of the protocol, where the log or the hook refused the event.',
        examples: ['key_reused'],
      }),
    ),
    errors: Type.Optional(Type.Array(FieldFault, { description: 'Which values of the request are wrong.' })),
  },
  { description: 'Problem details (RFC 9457), as `application/problem+json`.' },
);

/** Schemas that the description gives a name. */
export const RESULT_COMPONENTS = {
  Position,
  Person,
  StoredEvent,
  Stored,
  HistoryPage,
  MemberPage,
  RoomPage,
  RoomFigures,
  Sanction,
  SanctionPage,
} as const;
