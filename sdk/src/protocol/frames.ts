// Everything that may cross the socket. PROTOCOL.md says when; codec.ts says how; this file says what.
// Times (`at`) are milliseconds since 1970 by the relay's clock.

import type { ErrorAction, ErrorCode } from './codes.ts';
import type { JsonValue } from './json.ts';

/** A place in a room's log: everything up to and including `offset` lies before it. Offset 0 is the place before the first event. */
export interface Position {
  /** Names one life of the log. Offsets from another epoch mean nothing. */
  readonly epoch: string;
  readonly offset: number;
}

/** Whom a connection speaks for. */
export interface Member {
  readonly id: string;
  readonly name: string;
}

/**
 * What somebody who may moderate does to a room. `target` is the offset of a message. `intervalMs` is what lies between two
 * messages of one member, 0 for no bound. `until` is the time at which a mute or ban ends by itself; without one it does not.
 */
export type ModerationAction =
  | { readonly type: 'pin'; readonly target: number }
  | { readonly type: 'unpin' }
  | { readonly type: 'slowMode'; readonly intervalMs: number }
  | { readonly type: 'mute'; readonly member: Member; readonly until?: number }
  | { readonly type: 'unmute'; readonly member: Member }
  | { readonly type: 'ban'; readonly member: Member; readonly until?: number }
  | { readonly type: 'unban'; readonly member: Member };

/** What moderators have set in a room, and what it comes to for whoever is told. */
export interface RoomSettings {
  /** Offset of the pinned message. */
  readonly pinned?: number | undefined;
  /** What must lie between two messages of one member; 0: nothing. It binds nobody who may moderate. */
  readonly slowModeMs: number;
  readonly you: {
    /** Has the right to write. A mute takes away none: see `mutedUntil`. */
    readonly write: boolean;
    readonly moderate: boolean;
    /** Muted as long as this is in the future: FOREVER for a mute without an end. Absent where there is no mute. */
    readonly mutedUntil?: number | undefined;
  };
}

/** A mute or a ban that holds, or held until `until`. */
export interface Sanction {
  readonly kind: 'mute' | 'ban';
  readonly member: Member;
  readonly until?: number;
  /** When it was stored, and whose event it was. */
  readonly at: number;
  readonly by: Member;
}

/** What a client publishes. `target` and `replyTo` are offsets in the epoch that the publish frame names. */
export type EventBody =
  | { readonly type: 'message'; readonly text: string; readonly replyTo?: number; readonly data?: JsonValue }
  | { readonly type: 'edit'; readonly target: number; readonly text: string }
  | { readonly type: 'delete'; readonly target: number }
  | { readonly type: 'reaction'; readonly target: number; readonly reaction: string; readonly action: 'add' | 'remove' }
  | { readonly type: 'custom'; readonly name: string; readonly data: JsonValue }
  | { readonly type: 'moderation'; readonly action: ModerationAction };

/** What the relay adds to a body when it stores it. `key` is the publisher's idempotency key. */
export interface EventHead {
  readonly offset: number;
  readonly at: number;
  readonly from: Member;
  readonly key: string;
}

/**
 * One entry of a room's log. `redacted` stands where a deleted message, or an edit of it, stood: offsets keep rising by 1.
 * `unknown` is how a client holds an event that it can't read, of a newer relay say; it is never on the wire.
 */
export type RoomEvent = EventHead &
  (EventBody | { readonly type: 'redacted'; readonly was: 'message' | 'edit' } | { readonly type: 'unknown' });

/** Who is in a room. `version` rises by 1 with each `presenceChange`; a client that sees it jump asks again. */
export type Presence =
  | { readonly scope: 'all'; readonly version: number; readonly members: readonly Member[] }
  | { readonly scope: 'sample'; readonly version: number; readonly count: number; readonly members: readonly Member[] };

/** How a join went on from the position it named. Only after `recovered` do earlier events still count. */
export type Recovery =
  | { readonly outcome: 'fresh' }
  | { readonly outcome: 'recovered' }
  | { readonly outcome: 'lost'; readonly reason: 'epoch' | 'trimmed' | 'ahead' };

/** Member id → offset up to which that member has read. */
export type Reads = { readonly [memberId: string]: number };

/** Client → relay. `id` is the client's choice; exactly one reply carries it back. Without one, only a refusal is answered. */
export type ClientFrame =
  | {
      readonly type: 'connect';
      readonly id: number;
      readonly version: number;
      readonly token?: string;
      readonly user?: { readonly name?: string };
      readonly resume?: string;
    }
  | {
      readonly type: 'join';
      readonly id: number;
      readonly room: string;
      readonly position?: Position;
      readonly recent?: number;
    }
  | { readonly type: 'leave'; readonly id: number; readonly room: string }
  | {
      readonly type: 'publish';
      readonly id: number;
      readonly room: string;
      readonly key: string;
      readonly epoch?: string;
      readonly event: EventBody;
    }
  | {
      readonly type: 'history';
      readonly id: number;
      readonly room: string;
      readonly epoch?: string;
      readonly before?: number;
      readonly after?: number;
      readonly limit?: number;
    }
  | { readonly type: 'presence'; readonly id: number; readonly room: string }
  /** The mutes and bans of a room, page by page: `after` is the `next` of the page before. */
  | { readonly type: 'sanctions'; readonly id: number; readonly room: string; readonly after?: string; readonly limit?: number }
  | {
      readonly type: 'ephemeral';
      readonly id?: number;
      readonly room: string;
      readonly name: string;
      readonly data: JsonValue;
    }
  | { readonly type: 'typing'; readonly id?: number; readonly room: string; readonly active: boolean }
  | { readonly type: 'read'; readonly id?: number; readonly room: string; readonly position: Position }
  | { readonly type: 'ping'; readonly id?: number }
  /** Asks for a ticket to send a file with. */
  | {
      readonly type: 'upload';
      readonly id: number;
      readonly room: string;
      readonly name: string;
      /** Lower case, without parameters. */
      readonly mediaType: string;
      readonly bytes: number;
    }
  /** Another token for the same member: its rights and its end take the place of the earlier one's. */
  | { readonly type: 'refresh'; readonly id: number; readonly token: string };

/** Relay → client, in answer to a request. */
export type Reply =
  | {
      readonly type: 'connected';
      readonly id: number;
      readonly version: number;
      readonly member: Member;
      /** This connection's channel: its unguessable name in the layer. */
      readonly channel: string;
      /** Sent in the next `connect`, it makes the guest the same member again. Absent where a token says who one is. */
      readonly resume?: string;
      /** A client that has heard nothing for so long sends `ping`. */
      readonly pingMs: number;
    }
  | {
      readonly type: 'joined';
      readonly id: number;
      readonly room: string;
      /** The end of the log at the instant of joining: every later event is pushed. */
      readonly position: Position;
      /** The lowest offset the log still holds; `position.offset + 1` where it holds none. */
      readonly start: number;
      readonly recovery: Recovery;
      readonly events: readonly RoomEvent[];
      readonly presence: Presence;
      readonly reads: Reads;
      /** As they are at `position`. */
      readonly settings: RoomSettings;
    }
  | { readonly type: 'published'; readonly id: number; readonly room: string; readonly position: Position; readonly at: number }
  | {
      readonly type: 'history';
      readonly id: number;
      readonly room: string;
      readonly position: Position;
      readonly start: number;
      readonly events: readonly RoomEvent[];
    }
  | { readonly type: 'presence'; readonly id: number; readonly room: string; readonly presence: Presence }
  | {
      readonly type: 'sanctions';
      readonly id: number;
      readonly room: string;
      readonly sanctions: readonly Sanction[];
      /** Asks for the page after this one; absent on the last. */
      readonly next?: string;
    }
  /** `PUT url` takes the bytes, `authorization: Bearer <ticket>`. `url` is a path of the relay's. */
  | { readonly type: 'upload'; readonly id: number; readonly url: string; readonly ticket: string }
  | { readonly type: 'ok'; readonly id: number }
  | { readonly type: 'pong'; readonly id?: number }
  | ErrorReply;

/** `id` is absent where the request had none, or was too broken to read one. */
export interface ErrorReply {
  readonly type: 'error';
  readonly id?: number;
  /** One of ErrorCode, or a newer relay's: then `action` says all. */
  readonly code: ErrorCode | (string & {});
  readonly action: ErrorAction;
  /** For a developer's eyes. Not stable. */
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** Relay → client, unasked. */
export type Push =
  | { readonly type: 'events'; readonly room: string; readonly events: readonly RoomEvent[] }
  | {
      readonly type: 'ephemeral';
      readonly room: string;
      readonly from: Member;
      readonly name: string;
      readonly data: JsonValue;
    }
  | { readonly type: 'typing'; readonly room: string; readonly members: readonly Member[]; readonly count: number }
  | { readonly type: 'reads'; readonly room: string; readonly reads: Reads }
  /** What `you` may do here has changed, with the token: these take the place of the earlier ones. */
  | { readonly type: 'settings'; readonly room: string; readonly settings: RoomSettings }
  | { readonly type: 'presence'; readonly room: string; readonly presence: Presence }
  | {
      readonly type: 'presenceChange';
      readonly room: string;
      readonly version: number;
      readonly joined: readonly Member[];
      readonly left: readonly string[];
    }
  /** Where the log ends now. A client that is behind it, or in another epoch, has missed something. */
  | { readonly type: 'position'; readonly room: string; readonly position: Position; readonly presenceVersion: number }
  | { readonly type: 'removed'; readonly room: string; readonly code: ErrorCode | (string & {}); readonly message: string }
  /** Sent to this connection's channel, by name. */
  | { readonly type: 'direct'; readonly name: string; readonly data: JsonValue }
  /** The token ends soon: a client that has another sends `refresh`. */
  | { readonly type: 'expiring'; readonly expiresInMs: number }
  | { readonly type: 'drain'; readonly retryAfterMs: number };

/** Relay → client. With `id`: a reply. Without: a push. */
export type ServerFrame = Reply | Push;

/** The frames of union `F` whose type is `T`. */
export type FrameOf<F extends { readonly type: string }, T extends F['type']> = Extract<F, { readonly type: T }>;
