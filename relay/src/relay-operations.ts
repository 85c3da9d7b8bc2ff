import { randomBytes } from 'node:crypto';
import type { EventBody, Member, Sanction } from '@chat-room/sdk/protocol';
import { FOREVER } from '@chat-room/sdk/protocol';
import type { Draft, Engine, Page, PageQuery, PublishOutcome, RoomList } from './engine/engine.ts';
import type { ChannelLayer } from './layer/channel-layer.ts';
import type { LayerMessage, SendOutcome } from './layer/layer.ts';
import type { ConnectionTarget, MemberList, Operations, Publication, RoomStats, SanctionList } from './operations.ts';
import type { Rooms } from './room/rooms.ts';

/** What the operations work on. */
export interface OperationParts {
  readonly engine: Engine;
  readonly rooms: Rooms;
  readonly layer: ChannelLayer;
  /** The one way into the log. */
  readonly publish: (room: string, draft: Draft) => Promise<PublishOutcome>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class RelayOperations implements Operations {
  readonly #parts: OperationParts;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  publish(room: string, { from, event, key, epoch }: Publication): Promise<PublishOutcome> {
    return this.#parts.publish(room, {
      from,
      key: key ?? randomBytes(12).toString('base64url'),
      body: withEnd(event),
      moderator: true,
      ...(epoch !== undefined && { epoch }),
    });
  }

  history(room: string, query: PageQuery): Promise<Page> {
    return this.#parts.engine.read(room, query);
  }

  async members(room: string, after: string | undefined, limit: number): Promise<MemberList> {
    const all = (await this.#allMembers(room)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const rest = after === undefined ? all : all.filter(({ id }) => id > after);
    const members = rest.slice(0, limit);
    const last = members.at(-1);
    return { members, count: all.length, ...(rest.length > limit && last && { next: last.id }) };
  }

  rooms(after: string | undefined, limit: number): Promise<RoomList> {
    return this.#parts.engine.rooms(after, limit);
  }

  async stats(room: string): Promise<RoomStats> {
    const { position, start } = await this.#parts.engine.read(room, { from: 'end', limit: 1 });
    const members = (await this.#allMembers(room)).length;
    const { pinned, slowMode } = (await this.#parts.rooms.moderationOf(room, '')) ?? {};
    return {
      room,
      position,
      start,
      members,
      connections: this.#parts.rooms.get(room)?.connections ?? 0,
      ...(pinned !== undefined && pinned >= start && { pinned }),
      slowModeMs: slowMode?.intervalMs ?? 0,
    };
  }

  async sanctions(room: string, after: string | undefined, limit: number): Promise<SanctionList> {
    const moderation = await this.#parts.rooms.moderationOf(room);
    return moderation?.page(after, limit, this.#parts.now()) ?? { sanctions: [] };
  }

  async sanctionsOn(room: string, memberId: string): Promise<readonly Sanction[]> {
    const moderation = await this.#parts.rooms.moderationOf(room, memberId);
    return moderation?.of(memberId, this.#parts.now()) ?? [];
  }

  send(channel: string, message: LayerMessage): Promise<SendOutcome> {
    return this.#parts.layer.send(channel, message);
  }

  disconnect(target: ConnectionTarget, reason: string): Promise<number> {
    return this.#parts.layer.disconnect(target, reason);
  }

  /** A room that is open here knows the members of every relay. */
  async #allMembers(room: string): Promise<readonly Member[]> {
    return this.#parts.rooms.get(room)?.presence.all() ?? this.#parts.engine.membersElsewhere(room);
  }
}

/** A mute or a ban is stored with its end, also where it has none (MOD1). */
function withEnd(event: EventBody): EventBody {
  if (event.type !== 'moderation' || (event.action.type !== 'mute' && event.action.type !== 'ban')) return event;
  return { ...event, action: { ...event.action, until: event.action.until ?? FOREVER } };
}
