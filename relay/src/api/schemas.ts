// What goes into the server API. Names, events and messages are checked by the functions of the protocol, so that their bounds
// stand in one place; where a schema can't say them, `COMPONENTS` has one that does, for the description.

import type { EventBody as ProtocolEvent } from '@chat-room/sdk/protocol';
import {
  FOREVER,
  isName,
  isRoomName,
  MAX_DATA_BYTES,
  MAX_DATA_DEPTH,
  MAX_EVENT_NAME_LENGTH,
  MAX_KEY_LENGTH,
  MAX_MEMBER_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PAGE_EVENTS,
  MAX_REACTION_BYTES,
  MAX_ROOM_LENGTH,
  MAX_SLOW_MODE_MS,
  MAX_TEXT_BYTES,
} from '@chat-room/sdk/protocol';
import { Type } from 'typebox';
import type { LayerMessage as AnyMessage } from '../layer/layer.ts';
import { editFault, eventFault, messageFault } from './faults.ts';

export const DEFAULT_PAGE = 50;
const closed = { additionalProperties: false } as const;

/** Text that may stand in a name: visible, well-formed, not padded. */
function name(maxLength: number, description: string) {
  return Type.Refine(
    Type.String({ minLength: 1, maxLength, description }),
    (text) => isName(text, maxLength),
    () => `must be 1 to ${maxLength} visible characters, not padded with space`,
  );
}

/** Text of the protocol that has no white space. */
function token(maxLength: number, description: string) {
  return Type.String({ minLength: 1, maxLength, pattern: '^[!-~]+$', description });
}

export const RoomName = Type.Refine(
  Type.String({
    minLength: 1,
    maxLength: MAX_ROOM_LENGTH,
    description:
      'The room, percent-encoded: `team/builds` is `team%2Fbuilds`. Visible characters of any script (NFC), not padded.',
  }),
  isRoomName,
  () => `must be a room name: 1 to ${MAX_ROOM_LENGTH} visible characters (NFC), not padded, no segment . or ..`,
);
export const Offset = Type.Integer({ minimum: 0, description: 'An offset in the log of the room.' });
export const MessageOffset = Type.Integer({ minimum: 1, description: 'Offset of the message.' });
export const Cursor = Type.String({ minLength: 1, maxLength: 512, description: 'The `next` of the page before.' });
export const PageLimit = Type.Integer({
  minimum: 1,
  maximum: MAX_PAGE_EVENTS,
  default: DEFAULT_PAGE,
  description: 'How many at most.',
});
export const Reason = Type.String({ maxLength: 100, description: 'Told to the client with the close code 4502.' });
export const ChannelName = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Name of the channel, as its client was told in `connected`, or as a consumer of yours has it.',
});
export const MemberId = name(MAX_MEMBER_ID_LENGTH, 'Id of a member.');
export const MemberName = name(MAX_NAME_LENGTH, 'What the member is called.');
export const Member = Type.Object(
  { id: MemberId, name: MemberName },
  { ...closed, description: 'Whom it is said for. They need not be connected.' },
);
export const IdempotencyKey = token(
  MAX_KEY_LENGTH,
  'The same event of the same member under the same key is stored once, for 10 minutes at least. The header `Idempotency-Key` says the same.',
);
export const Epoch = token(64, 'The epoch that offsets belong to: in another one it is refused. Default: the log as it is.');

export const Until = Type.Integer({
  minimum: 0,
  maximum: FOREVER,
  description: 'When it ends by itself, in milliseconds since 1970. Default: never.',
});
export const SlowModeMs = Type.Integer({ minimum: 0, maximum: MAX_SLOW_MODE_MS, description: 'Milliseconds.' });

/** An event that a client might publish. */
export const EventBody = Type.Refine(
  Type.Unsafe<ProtocolEvent>({ type: 'object' }),
  (event) => eventFault(event) === undefined,
  (event) => eventFault(event) ?? '',
);
export const EditText = Type.Refine(
  Type.String({ minLength: 1, description: `Up to ${MAX_TEXT_BYTES} bytes of UTF-8, not blank.` }),
  (text) => editFault(text) === undefined,
  (text) => editFault(text) ?? '',
);
/** A layer message that may come from outside. */
export const LayerMessage = Type.Refine(
  Type.Unsafe<AnyMessage & Readonly<Record<string, unknown>>>({ type: 'object' }),
  (message) => messageFault(message) === undefined,
  (message) => messageFault(message) ?? '',
);

const Target = Type.Integer({ minimum: 1, description: 'Offset of a message.' });
const Text = Type.String({ minLength: 1, description: `Up to ${MAX_TEXT_BYTES} bytes of UTF-8, not blank.` });
const Data = Type.Unknown({ description: `Any JSON, up to ${MAX_DATA_BYTES} bytes and ${MAX_DATA_DEPTH} levels.` });
const EventName = Type.String({ minLength: 1, maxLength: MAX_EVENT_NAME_LENGTH });

const Sanctioning = { member: Member, until: Type.Optional(Until) };
const ActionDescription = Type.Union([
  Type.Object({ type: Type.Literal('pin'), target: Target }, closed),
  Type.Object({ type: Type.Literal('unpin') }, closed),
  Type.Object({ type: Type.Literal('slowMode'), intervalMs: SlowModeMs }, closed),
  Type.Object({ type: Type.Union([Type.Literal('mute'), Type.Literal('ban')]), ...Sanctioning }, closed),
  Type.Object({ type: Type.Union([Type.Literal('unmute'), Type.Literal('unban')]), member: Member }, closed),
]);

const EventDescription = Type.Union(
  [
    Type.Object({ type: Type.Literal('message'), text: Text, replyTo: Type.Optional(Target), data: Type.Optional(Data) }, closed),
    Type.Object({ type: Type.Literal('edit'), target: Target, text: Text }, closed),
    Type.Object({ type: Type.Literal('delete'), target: Target }, closed),
    Type.Object(
      {
        type: Type.Literal('reaction'),
        target: Target,
        reaction: Type.String({ minLength: 1, description: `An emoji, say. Up to ${MAX_REACTION_BYTES} bytes of UTF-8.` }),
        action: Type.Union([Type.Literal('add'), Type.Literal('remove')]),
      },
      closed,
    ),
    Type.Object({ type: Type.Literal('custom'), name: EventName, data: Data }, closed),
    Type.Object({ type: Type.Literal('moderation'), action: ActionDescription }, closed),
  ],
  { description: 'What is stored, with the bounds that clients have too.' },
);

const MessageDescription = Type.Union(
  [
    Type.Object(
      { type: Type.Literal('direct'), name: EventName, data: Data },
      { ...closed, description: 'To a client of the native protocol, whose SDK tells it as `direct`. Not kept.' },
    ),
    Type.Object(
      { type: Type.Literal('send'), text: Type.String() },
      { description: 'Goes out over the socket as it is, as text.' },
    ),
    Type.Object(
      { type: Type.Literal('send'), base64: Type.String({ contentEncoding: 'base64' }) },
      { description: 'Goes out over the socket as it is, as bytes.' },
    ),
    Type.Object(
      { type: Type.String({ pattern: '^[a-z][A-Za-z0-9]*$' }) },
      { additionalProperties: true, description: 'To a consumer of yours: `lineAdded` goes to its handler `onLineAdded`.' },
    ),
  ],
  { description: 'A layer message. `close` is refused: to disconnect a channel is an operation, and a scope, of its own.' },
);

/** Schemas that the description gives a name, and says in other words where a function checks them. */
export const INPUT_COMPONENTS = {
  Member: { schema: Member, description: Member },
  Event: { schema: EventBody, description: EventDescription },
  LayerMessage: { schema: LayerMessage, description: MessageDescription },
} as const;
