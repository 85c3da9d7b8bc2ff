// Who stands behind a connection and what they may do: the types that authenticators give and everything else takes.

import type { Member } from '@chat-room/sdk/protocol';

/** What one may do in a room. `moderate`: act on the messages of others. */
export type RoomAction = 'read' | 'write' | 'moderate';

/** What one may do in the rooms whose names match. `*` in a pattern stands for any characters, or none. */
export interface RoomGrant {
  readonly rooms: string;
  readonly allow: readonly RoomAction[];
}

/** Whom a connection speaks for. `Claims` is what an authenticator of the user's own adds. */
export interface Identity<Claims = unknown> {
  readonly member: Member;
  /** The union of all that match counts. */
  readonly grants: readonly RoomGrant[];
  /** Milliseconds since 1970 at which it ends, unless it is refreshed. Absent: with the connection. */
  readonly expiresAt?: number;
  /** Given back in the next connect, it makes a guest the same member. */
  readonly resume?: string;
  readonly claims?: Claims;
}

/** A request to speak for somebody: an upgrade's, or a `connect` frame's with the headers of its upgrade. */
export interface AuthRequest {
  /** The route's pattern, as in `/ws/chat/:room`. */
  readonly route: string;
  readonly path: string;
  readonly query: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly remoteAddress: string;
  /** Of the `connect` frame, or of `Authorization: Bearer …`, or of a subprotocol `bearer.…`. Never of the URL. */
  readonly token?: string;
  /** What makes a guest the same again. */
  readonly resume?: string;
  /** What a guest wants to be called. */
  readonly name?: string;
}

/** Refused for good (`unauthorized`), or because nobody could be asked just now (`unavailable`: HTTP 503, close 4004). */
export interface Refusal {
  readonly code: 'unauthorized' | 'unavailable';
  /** For a developer's eyes; says nothing that helps to guess a token. */
  readonly message: string;
  /** For the relay's own log: it may name hosts that are nobody else's business. */
  readonly cause?: unknown;
}

/** `abstained`: the request holds nothing this authenticator knows; the next may. */
export type Authentication<Claims = unknown> =
  | { readonly outcome: 'identified'; readonly identity: Identity<Claims> }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'abstained' };

/**
 * Says who makes a request. May be asynchronous; where it can answer at once it should, since an upgrade that waits costs
 * a warning of uWebSockets.js. A throw or a rejection counts as `unavailable`, and is logged.
 */
export interface Authenticator<Claims = unknown> {
  (request: AuthRequest): Authentication<Claims> | Promise<Authentication<Claims>>;
  /**
   * True where it believes what a browser sends by itself. Any page could then connect in its visitor's name, so that the
   * origins that may connect must be listed: see `checkOrigins`.
   */
  readonly usesCookies?: boolean;
}

/** A refusal as an authenticator answers it. */
export function refused(code: Refusal['code'], message: string, cause?: unknown): Authentication<never> {
  return { outcome: 'refused', refusal: { code, message, ...(cause !== undefined && { cause }) } };
}

/** The answer of whoever finds nothing in a request that it knows. */
export const ABSTAINED: Authentication<never> = { outcome: 'abstained' };
