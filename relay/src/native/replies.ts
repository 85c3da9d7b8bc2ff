// Replies that hold events are put together from text that is encoded already. A test holds them to the frame types.

import type { FrameOf, Position, Reads, Recovery, RoomSettings, ServerFrame } from '@chat-room/sdk/protocol';
import type { Page, StoredEvent } from '../engine/engine.ts';

/** What a `joined` reply says beside its events. */
export interface JoinedHead {
  readonly id: number;
  readonly room: string;
  readonly position: Position;
  readonly start: number;
  readonly recovery: Recovery;
  readonly reads: Reads;
  readonly settings: RoomSettings;
}

/** `presence` is encoded already. */
export function encodeJoined(head: JoinedHead, presence: string, events: readonly StoredEvent[]): string {
  return withEvents(`${JSON.stringify({ type: 'joined', ...head }).slice(0, -1)},"presence":${presence}`, events);
}

export function encodeHistory(id: number, room: string, { position, start, events }: Page): string {
  return withEvents(JSON.stringify({ type: 'history', id, room, position, start }).slice(0, -1), events);
}

/** The reply that goes out most: put together from its parts, in a third of the time. */
export function encodePublished({ id, room, position, at }: FrameOf<ServerFrame, 'published'>): string {
  const place = `{"epoch":${JSON.stringify(position.epoch)},"offset":${position.offset}}`;
  return `{"type":"published","id":${id},"room":${JSON.stringify(room)},"position":${place},"at":${at}}`;
}

/** `head` lacks its last brace. */
function withEvents(head: string, events: readonly StoredEvent[]): string {
  return `${head},"events":[${events.map((event) => event.json).join(',')}]}`;
}
