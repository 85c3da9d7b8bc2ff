// Every bound of the wire in one place. Units are in the names; bytes are UTF-8 bytes.
// PROTOCOL.md quotes these numbers; a test holds the two together.

/** A client frame above this is refused with `too_large`; the socket stays open. */
export const MAX_FRAME_BYTES = 65_536;
/** A client frame above this closes the socket with 1009: it is never buffered whole. */
export const MAX_RAW_FRAME_BYTES = 262_144;
/** Text of a message or an edit. */
export const MAX_TEXT_BYTES = 8_192;
/** `data` of a custom event, an ephemeral event or a message, as encoded JSON. */
export const MAX_DATA_BYTES = 16_384;
/** Room name, in UTF-16 code units. */
export const MAX_ROOM_LENGTH = 200;
/** Name of a member, in UTF-16 code units. */
export const MAX_NAME_LENGTH = 64;
/** Id of a member, in UTF-16 code units: as long as identity providers make them. */
export const MAX_MEMBER_ID_LENGTH = 255;
/** Name of a custom or ephemeral event, in UTF-16 code units. */
export const MAX_EVENT_NAME_LENGTH = 64;
/** Idempotency key, in ASCII characters. */
export const MAX_KEY_LENGTH = 64;
/** One reaction: enough for the longest emoji sequences. */
export const MAX_REACTION_BYTES = 64;
/** `token` and `resume` of a connect frame. */
export const MAX_TOKEN_BYTES = 8_192;
/** Nesting of `data`: a deeper value is refused. */
export const MAX_DATA_DEPTH = 32;
/** Rooms one connection may have joined at a time. */
export const MAX_ROOMS_PER_CONNECTION = 100;
/** Events in one history page, and the most that `recent` may ask for. */
export const MAX_PAGE_EVENTS = 200;
/** Encoded events in one reply. A page ends early rather than pass it, but always holds one event. */
export const MAX_PAGE_BYTES = 131_072;
/** Up to this many members a room's presence is the whole list; above, a count and a sample. */
export const MAX_PRESENCE_LIST = 200;
/** Members in the sample of a large room. */
export const PRESENCE_SAMPLE = 20;
/** Members named in one typing push. */
export const MAX_TYPING_MEMBERS = 10;
/** A member who said `typing` counts as typing this long, unless told otherwise. */
export const TYPING_TTL_MS = 6_000;
/** An idempotency key is honoured at least this long after its event was stored. */
export const KEY_TTL_MS = 600_000;
/** A socket that has not sent `connect` by then is closed with 4003. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** How long before its token ends a connection is told, unless less than twice as much was left. */
export const EXPIRY_NOTICE_MS = 30_000;
/** Mutes and bans of one room; those that have ended do not count. */
export const MAX_SANCTIONS = 10_000;
/** Longest interval of slow mode. */
export const MAX_SLOW_MODE_MS = 21_600_000;
/** As a time: no end. The last one that a Date can hold. */
export const FOREVER = 8_640_000_000_000_000;
/** Messages in a row that hold no readable frame, after which the relay closes with 4503. */
export const MAX_BAD_FRAMES = 50;
/** Name of a file to upload, in UTF-16 code units. */
export const MAX_FILE_NAME_LENGTH = 255;
/** Attachments of one message. */
export const MAX_ATTACHMENTS = 10;
/** A ticket for an upload ends this long after it was given. */
export const UPLOAD_TICKET_TTL_MS = 300_000;
/** A file that no message refers to is removed this long after its upload. */
export const UNUSED_FILE_TTL_MS = 86_400_000;
