// The contract between the relay and what keeps rooms: in prose and types. `embedded-engine.ts` keeps them on this
// machine's disk; another may keep them in a service that several relays share.

import type { ErrorCode, EventBody, Member, Position, Reads } from '@chat-room/sdk/protocol';
import type { Bus } from '../layer/bus.ts';
import type { Moderation } from './moderation.ts';

/** An event that its publisher has handed over and that is not stored yet. */
export interface Draft {
  readonly from: Member;
  /** Idempotency key, per room and member. */
  readonly key: string;
  readonly body: EventBody;
  /** The epoch that offsets in `body` belong to. Present where `body` refers to one. */
  readonly epoch?: string;
  /** True where the author may act on the messages of others. */
  readonly moderator: boolean;
  /**
   * True where a hook put `body` in the place of what the author sent. Asked again it may do so otherwise: the key alone
   * says then that it is the same event, and bodies are not compared.
   */
  readonly changed?: true;
}

/** One stored event, encoded once: `json` is what every reader gets, on the wire and from the disk. */
export interface StoredEvent {
  readonly offset: number;
  readonly at: number;
  readonly type: string;
  readonly author: string;
  readonly json: string;
  /** UTF-8 bytes of `json`. */
  readonly bytes: number;
  /** Offset of the message that a `delete` removed, and of the edits of it: readers see them redacted from now on. */
  readonly redacts?: readonly number[];
}

export type PublishOutcome =
  | { readonly ok: true; readonly position: Position; readonly at: number }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail?: string; readonly retryAfterMs?: number };

/** Which part of a log. Neither bound: its end. `after` and `before` are exclusive. */
export type PageQuery =
  | { readonly from: 'end'; readonly limit: number }
  | { readonly from: 'before'; readonly offset: number; readonly limit: number }
  | { readonly from: 'after'; readonly offset: number; readonly limit: number };

/** A part of a log without a gap, and how far the log reaches. */
export interface Page {
  readonly position: Position;
  /** Lowest offset still kept; `position.offset + 1` where none is. */
  readonly start: number;
  readonly events: readonly StoredEvent[];
}

/** The end of a log, and what moderators have set in the room: as it is there, or by events that the feed is still to bring. */
export interface OpenPage extends Page {
  /** Undefined where nothing is set. The caller's own: it may change it. */
  readonly moderation: Moderation | undefined;
}

/** Who came to a room, and who left it, of the members that one relay counts. */
export interface MembersChange {
  readonly joined: readonly Member[];
  readonly left: readonly string[];
}

/** What an engine tells a room that is open on this relay. No method may throw. Calls may come before `open` resolves. */
export interface Feed {
  /**
   * Stored events in the order of their offsets, each once, never before they are stored; `start` is the lowest offset
   * that the log still holds then.
   */
  events(events: readonly StoredEvent[], start: number): void;
  /**
   * The log does not go on from what was fed: it was replaced (another epoch), or what was missing here is no longer kept.
   * It goes on from this page, which is its end.
   */
  reset(page: OpenPage): void;
  /** What another relay told with `signal`. At most once each; those of one relay in their order. */
  signal(text: string): void;
  /**
   * Members that came and left on other relays. A member who is on two of them joins twice and leaves twice. A relay
   * that died has its members leave within 5 s. A member's new name comes as leaving, then joining.
   */
  members(change: MembersChange): void;
}

/** One room in a list of rooms. */
export interface RoomSummary {
  readonly room: string;
  readonly position: Position;
}

/** A page of the rooms that have a log. `next` asks for the page after it; absent on the last. */
export interface RoomList {
  readonly rooms: readonly RoomSummary[];
  readonly next?: string;
}

export interface Engine {
  /** What signs guests: one for all relays that share the engine's store. */
  readonly secret: string;
  /** How the relays that share the engine reach each other. */
  readonly bus: Bus;
  /**
   * Starts the feed of a room. The page is the end of its log; `feed` continues it without a gap: the first event it
   * brings has the offset `page.position.offset + 1`. One feed a room: opening an open room is a programming error.
   */
  open(room: string, feed: Feed, limit: number): Promise<OpenPage>;
  /** Ends the feed. Until then what the room needs in memory stays there. */
  release(room: string): void;
  /**
   * Stores an event, once for its key. Resolves when it is stored as the engine's durability says, or refused. Drafts
   * of one room are stored in the order of the calls. Order with the feed's call is open: either may come first. What
   * moderators have set is checked in the step that stores: it holds for each event that is stored after theirs.
   */
  publish(room: string, draft: Draft): Promise<PublishOutcome>;
  /** Reads a page. Redacted events read as `redacted`, from the moment their `delete` was fed. */
  read(room: string, query: PageQuery): Promise<Page>;
  /** What moderators have set in a room, open here or not; with a member's id, of mutes and bans at least that member's. Not to be changed. */
  moderation(room: string, memberId?: string): Promise<Moderation | undefined>;
  /** How far the members have read, as far as that is known. */
  reads(room: string, memberIds: readonly string[]): Promise<Reads>;
  /** Keeps read positions; best effort: a crash may lose the last seconds of them. */
  keepReads(room: string, reads: Reads): void;
  /** Tells the other relays that have the room open. Best effort: what is told while they can't be reached is lost. */
  signal(room: string, text: string): void;
  /** Tells the other relays who came and left here. The engine repeats it where it got lost. */
  tellMembers(room: string, change: MembersChange): void;
  /** The members that other relays count in a room, open here or not; one who is on two of them is named once. */
  membersElsewhere(room: string): Promise<readonly Member[]>;
  /** Rooms that have a log, in an order of the engine's own. `after` is the `next` of the page before. */
  rooms(after: string | undefined, limit: number): Promise<RoomList>;
  /** Resolves after a true round trip to the store. Rejects with an EngineError that says why not. */
  probe(): Promise<void>;
  /** Stores what is under way and lets go of everything. Publishes after this are refused with `draining`. */
  close(): Promise<void>;
}

/** The engine can't be opened or can't serve. `message` is one sentence for the operator. */
export class EngineError extends Error {
  readonly code:
    | 'store_corrupt'
    | 'store_newer'
    | 'store_older'
    | 'store_in_use'
    | 'data_dir_unusable'
    | 'store_failing'
    | 'redis_unusable'
    | 'redis_unreachable'
    | 'engine_closed';
  constructor(code: EngineError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}
