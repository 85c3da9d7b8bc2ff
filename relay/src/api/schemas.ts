// What goes in and comes out of the server API. The bounds of an event are the protocol's, and are checked by its decoder: here
// they are said, once, for the description.

import {
  MAX_DATA_BYTES,
  MAX_EVENT_NAME_LENGTH,
  MAX_KEY_LENGTH,
  MAX_MEMBER_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PAGE_EVENTS,
  MAX_ROOM_LENGTH,
  MAX_TEXT_BYTES,
} from '@chat-room/sdk/protocol';
import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;

export const RoomName = Type.String({
  minLength: 1,
  maxLength: MAX_ROOM_LENGTH,
  description: 'The room, percent-encoded: a slash in it is %2F.',
});
export const Offset = Type.Integer({ minimum: 0, description: 'An offset in the log of the room.' });
export const PageLimit = Type.Integer({ minimum: 1, maximum: MAX_PAGE_EVENTS, description: 'Default 50.' });
export const Cursor = Type.String({ maxLength: 512, description: 'The `next` of the page before.' });
export const Reason = Type.String({ maxLength: 100, description: 'Told to the client with the close code 4502.' });

export const Member = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: MAX_MEMBER_ID_LENGTH }),
    name: Type.String({ minLength: 1, maxLength: MAX_NAME_LENGTH }),
  },
  { ...closed, description: 'Whom it is said for. It need not be connected.' },
);
export const IdempotencyKey = Type.String({
  minLength: 1,
  maxLength: MAX_KEY_LENGTH,
  pattern: '^[!-~]+$',
  description:
    'Visible ASCII. The same key with the same event is stored once, for 10 minutes at least. `Idempotency-Key` says the same.',
});
export const Epoch = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'The epoch that offsets belong to; another one is refused. Default: the log as it is.',
});
const Position = Type.Object({ epoch: Type.String(), offset: Type.Integer() }, { description: 'A place in a log.' });

const Target = Type.Integer({ minimum: 1, description: 'Offset of the message.' });
const Text = Type.String({ minLength: 1, description: `Up to ${MAX_TEXT_BYTES} bytes of UTF-8.` });
const Data = Type.Unknown({ description: `Any JSON, up to ${MAX_DATA_BYTES} bytes.` });

export const EventBody = Type.Union(
  [
    Type.Object({ type: Type.Literal('message'), text: Text, replyTo: Type.Optional(Target), data: Type.Optional(Data) }, closed),
    Type.Object({ type: Type.Literal('edit'), target: Target, text: Text }, closed),
    Type.Object({ type: Type.Literal('delete'), target: Target }, closed),
    Type.Object(
      {
        type: Type.Literal('reaction'),
        target: Target,
        reaction: Type.String({ minLength: 1 }),
        action: Type.Union([Type.Literal('add'), Type.Literal('remove')]),
      },
      closed,
    ),
    Type.Object(
      { type: Type.Literal('custom'), name: Type.String({ minLength: 1, maxLength: MAX_EVENT_NAME_LENGTH }), data: Data },
      closed,
    ),
  ],
  { description: 'What is stored: see EVT1 of the protocol.' },
);

const StoredEvent = Type.Object(
  {
    offset: Type.Integer(),
    at: Type.Integer({ description: 'Milliseconds since 1970.' }),
    from: Type.Object({ id: Type.String(), name: Type.String() }),
    key: Type.String(),
    type: Type.String({
      description: '`message`, `edit`, `delete`, `reaction`, `custom`, or `redacted` where something was deleted.',
    }),
  },
  { description: 'An event of the log, with the fields of its type.' },
);
export const Stored = Type.Object({ room: Type.String(), position: Position, at: Type.Integer() });
export const HistoryPage = Type.Object({
  room: Type.String(),
  position: Position,
  start: Type.Integer({ description: 'Lowest offset that is kept.' }),
  events: Type.Array(StoredEvent),
});
export const MemberPage = Type.Object({
  members: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  count: Type.Integer({ description: 'How many there are in all, over all relays.' }),
  next: Type.Optional(Type.String()),
});
export const RoomPage = Type.Object({
  rooms: Type.Array(Type.Object({ room: Type.String(), position: Position })),
  next: Type.Optional(Type.String()),
});
export const RoomFigures = Type.Object({
  room: Type.String(),
  position: Position,
  start: Type.Integer(),
  members: Type.Integer({ description: 'Present, over all relays.' }),
  connections: Type.Integer({ description: 'In the room, on the relay that answers.' }),
});
export const LayerMessage = Type.Object(
  {
    type: Type.String({
      pattern: '^[a-z][A-Za-z0-9]*$',
      description: '`direct` reaches clients of the native protocol; `send` and `close` are of the layer; others have a handler.',
    }),
  },
  { additionalProperties: true, description: 'A layer message: JSON with a type.' },
);
export const Delivery = Type.Object({ outcome: Type.Literal('delivered') });
export const Disconnected = Type.Object({ connections: Type.Integer({ description: 'How many there were.' }) });

export const ProblemDetails = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String({ description: 'Stable.' }),
    requestId: Type.String(),
    protocolCode: Type.Optional(Type.String({ description: "The protocol's code, where the event itself was refused." })),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
  },
  { description: 'RFC 9457.' },
);
