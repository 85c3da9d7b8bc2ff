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

/** What a client publishes. `target` and `replyTo` are offsets in the epoch that the publish frame names. */
export type EventBody =
  | { readonly type: 'message'; readonly text: string; readonly replyTo?: number; readonly data?: JsonValue }
  | { readonly type: 'edit'; readonly target: number; readonly text: string }
  | { readonly type: 'delete'; readonly target: number }
  | { readonly type: 'reaction'; readonly target: number; readonly reaction: string; readonly action: 'add' | 'remove' }
  | { readonly type: 'custom'; readonly name: string; readonly data: JsonValue };

/** What the relay adds to a body when it stores it. `key` is the publisher's idempotency key. */
export interface EventHead {
  readonly offset: number;
  readonly at: number;
  readonly from: Member;
  readonly key: string;
}

/**
 * One entry of a room's log. `redacted` stands where a deleted message, or an edit of it, stood: offsets keep rising by 1.
 * `unknown` is how a client holds an event that a newer relay sent and it can't read; it is never on the wire.
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
