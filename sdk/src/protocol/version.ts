// One line per version, newest first. A change to what `codec.ts` accepts or emits is a new version here,
// unless it only adds fields or types that the other side is bound to ignore (FRM5).
//
//   1  2026-11  the first: rooms, one numbered log per room, recovery by position.

/** The protocol version this build speaks; sent in `connect`. */
export const PROTOCOL_VERSION = 1;

/** The oldest version a relay of this build still serves. It may not rise while pages in the wild load older bundles. */
export const MIN_PROTOCOL_VERSION = 1;

/** The WebSocket subprotocol of the native protocol. */
export const SUBPROTOCOL = 'chat-room.v1';
