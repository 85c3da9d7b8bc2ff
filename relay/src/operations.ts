// What can be done to rooms, channels and members from outside a connection: the server API does it over HTTP, an
// embedding program through `relay.operations`. No permission is checked here: the caller has done so.

import type { ErrorCode, EventBody, Member, Position, Sanction } from '@chat-room/sdk/protocol';
import type { Page, PageQuery, PublishOutcome, RoomList } from './engine/engine.ts';
import type { LayerMessage, SendOutcome } from './layer/layer.ts';

/** An event to publish for somebody. */
export interface Publication {
  readonly from: Member;
  readonly event: EventBody;
  /** Idempotency key, per room and member. Default: a new one. */
  readonly key?: string;
  /** The epoch that offsets in `event` belong to. Default: the log's, as it is. */
  readonly epoch?: string;
}

/** Which connections: one by its channel, or all of a user, on whatever relay. */
export type ConnectionTarget = { readonly channel: string } | { readonly user: string };

export interface RoomStats {
  readonly room: string;
  readonly position: Position;
  /** Lowest offset still kept. */
  readonly start: number;
  /** Members present, over all relays. */
  readonly members: number;
  /** Connections in the room on this relay. */
  readonly connections: number;
  /** Offset of the pinned message, where one is. */
  readonly pinned?: number;
  /** What must lie between two messages of one member; 0: nothing. */
  readonly slowModeMs: number;
}

/** A page of members in the order of their ids. `next` asks for the page after it; absent on the last. */
export interface MemberList {
  readonly members: readonly Member[];
  readonly count: number;
  readonly next?: string;
}

/** A page of the mutes and bans that hold in a room. `next` asks for the page after it; absent on the last. */
export interface SanctionList {
  readonly sanctions: readonly Sanction[];
  readonly next?: string;
}

/** Those that read reject with an EngineError where the store can't be read. */
export interface Operations {
  /** Publishes with the rights of a moderator. The hook before publishes is asked. */
  publish(room: string, publication: Publication): Promise<PublishOutcome>;
  history(room: string, query: PageQuery): Promise<Page>;
  members(room: string, after: string | undefined, limit: number): Promise<MemberList>;
  rooms(after: string | undefined, limit: number): Promise<RoomList>;
  sanctions(room: string, after: string | undefined, limit: number): Promise<SanctionList>;
  /** The mute and the ban of one member that hold in a room, if there are any. */
  sanctionsOn(room: string, memberId: string): Promise<readonly Sanction[]>;
  stats(room: string): Promise<RoomStats>;
  /** Rejects with a LayerError. */
  send(channel: string, message: LayerMessage): Promise<SendOutcome>;
  /** Closes connections with 4502; they do not come back by themselves. Resolves with how many there were. */
  disconnect(target: ConnectionTarget, reason: string): Promise<number>;
}

/** What a hook before publishes is asked about. */
export interface PublishRequest {
  readonly room: string;
  readonly from: Member;
  readonly event: EventBody;
  /** The publish's idempotency key: the same again for a publish that is repeated, by whichever relay. */
  readonly key: string;
}

/** Let it pass as it is, or changed, or refuse it. A changed event is checked like one that a client sent. */
export type PublishVerdict =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'change'; readonly event: EventBody }
  | { readonly verdict: 'refuse'; readonly code: Extract<ErrorCode, 'forbidden' | 'internal'>; readonly message: string };

/**
 * Asked before an event is stored, by whichever way it came. A rejection is answered as the policy says; so is taking too
 * long, and then `signal` is aborted. It should answer a repeated publish as it did before: see `key`.
 */
export type BeforePublish = (request: PublishRequest, signal: AbortSignal) => PublishVerdict | Promise<PublishVerdict>;
