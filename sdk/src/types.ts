// The client's public vocabulary: what an application sees. The wire's own is in protocol/frames.ts.

import type { ChatError } from './errors.ts';
import type { JsonValue, Member, ModerationAction, Position, Presence, Reads, RoomSettings } from './protocol/index.ts';

/**
 * `idle`        not asked to connect yet
 * `connecting`  a socket is being opened
 * `online`      connected, as far as anyone can know
 * `offline`     not connected; the client comes back by itself
 * `closed`      ended by `close()`, or by the relay for good (then the status event has the error)
 */
export type Status = 'idle' | 'connecting' | 'online' | 'offline' | 'closed';

export interface StatusChange {
  readonly status: Status;
  /** Why, where the relay or the network said so. */
  readonly error?: ChatError | undefined;
  /** When the next attempt is due, in milliseconds since 1970 by this machine's clock. */
  readonly retryAt?: number | undefined;
}

/** Where a message of one's own is on its way. Everyone else's are `stored`. */
export type Delivery =
  | { readonly state: 'sending' }
  | { readonly state: 'stored'; readonly offset: number }
  | { readonly state: 'failed'; readonly error: ChatError };

export interface Reaction {
  readonly reaction: string;
  /** Ids of the members who chose it, in the order in which they did. */
  readonly members: readonly string[];
}

/** One message as people see it now: edits and reactions applied. A new object each time it changes. */
export interface Message {
  /** `epoch:offset` once stored; `local:key` before that. What `edit`, `delete` and `react` take. */
  readonly id: string;
  /** The same from the first echo to the stored event: use it as the key of a rendered row. */
  readonly key: string;
  readonly room: string;
  readonly from: Member;
  /** True when this client's member wrote it. */
  readonly own: boolean;
  /** Empty once deleted. */
  readonly text: string;
  readonly data?: JsonValue | undefined;
  /** Milliseconds since 1970: by the relay's clock once stored, by this machine's before. */
  readonly at: number;
  readonly delivery: Delivery;
  readonly editedAt?: number | undefined;
  readonly deletedAt?: number;
  /** Id of the message it answers. */
  readonly replyTo?: string | undefined;
  readonly reactions: readonly Reaction[];
  /** Where it is no message, but something that somebody who may has done to the room. Then the text is empty. */
  readonly notice?: ModerationAction | undefined;
}

/** What `send` and `publish` resolve with, once the relay has stored it. */
export interface Receipt {
  readonly id: string;
  readonly offset: number;
  readonly at: number;
  readonly position: Position;
}

/** A custom or ephemeral event. Ephemeral ones have no offset. */
export interface CustomEventMessage {
  readonly room: string;
  readonly from: Member;
  readonly name: string;
  readonly data: JsonValue;
  readonly offset?: number;
  readonly at?: number;
}

export interface Typing {
  /** Everyone else who is typing, by name as far as the relay named them. */
  readonly members: readonly Member[];
  /** How many in all, this client's own member not counted. */
  readonly count: number;
}

/** Why what was held of a room is void: the log could not be continued from where this client was. */
export interface Discontinuity {
  readonly reason: 'epoch' | 'trimmed' | 'ahead';
}

export interface RoomEvents {
  /** A message is stored: each once, in the order of the log, one's own included. */
  message: Message;
  /** `room.timeline` is another array now: something was added, echoed, edited, deleted, or loaded. At most once a task. */
  timeline: readonly Message[];
  /** A custom event was stored, or an ephemeral one arrived. */
  event: CustomEventMessage;
  presence: Presence;
  typing: Typing;
  reads: Reads;
  /**
   * What holds in the room, or for this client's member, has changed. No event tells that a mute has ended by itself: whoever
   * shows it looks at `you.mutedUntil` and a clock.
   */
  settings: RoomSettings;
  /** Recovery was not possible; `timeline` starts anew. */
  discontinuity: Discontinuity;
  /** `joining`: not live yet; `live`: every event arrives; `recovering`: connection lost or a gap is being filled; `left`; `denied`: refused for good. */
  state: RoomState;
}

export type RoomState = 'left' | 'joining' | 'live' | 'recovering' | 'denied';

/** What was sent to this connection's channel by name. */
export interface DirectMessage {
  readonly name: string;
  readonly data: JsonValue;
}

export interface ClientEvents {
  status: StatusChange;
  /** At most once, and never kept: what is sent while the client is not connected is lost. */
  direct: DirectMessage;
}

export interface HistoryPage {
  readonly messages: readonly Message[];
  /** The custom events of the page, in the order of the log. */
  readonly events: readonly CustomEventMessage[];
  /** Offset of the page's first event, message or not: the `before` of the page below it. Undefined for an empty page. */
  readonly first: number | undefined;
  /** True where the log holds nothing before this page. */
  readonly atStart: boolean;
}

/** What a person is called. The relay keeps a guest the same member over reloads when the client has a `storage`. */
export interface User {
  readonly name?: string;
}

/** The part of Web Storage that the client uses: `localStorage` fits. It may throw; then nothing is kept. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export interface JoinOptions {
  /** How many of the log's last events to begin with, at most 200. Default 0. */
  readonly recent?: number;
}

export interface PublishOptions {
  /** Idempotency key: the same key with the same content is stored once, however often it is sent. Default: a new one. */
  readonly key?: string;
  /** Aborting it gives the event up, unless the relay has stored it. */
  readonly signal?: AbortSignal;
}

export interface SendOptions extends PublishOptions {
  /** Id of the message it answers. */
  readonly replyTo?: string | undefined;
  readonly data?: JsonValue | undefined;
  /** When it was written, where that is not now: milliseconds since 1970. With `key`: a message that an earlier page has not sent. */
  readonly at?: number;
  /** True: it shows as failed, and is not sent until `retry` says so. */
  readonly held?: boolean;
}

export interface HistoryOptions {
  /** The messages right below this offset. */
  readonly before?: number;
  /** The messages right above this offset. */
  readonly after?: number;
  /** Events to read, at most 200. Default 50. Not each of them is a message. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}
