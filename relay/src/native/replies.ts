// Replies that hold events are put together from text that is encoded already. A test holds them to the frame types.

import type { FrameOf, Position, Presence, Reads, Recovery, RoomSettings, ServerFrame } from '@chat-room/sdk/protocol';
import type { Page, StoredEvent } from '../engine/engine.ts';

/** What a `joined` reply says beside its events. */
export interface JoinedHead {
  readonly id: number;
  readonly room: string;
  readonly position: Position;
  readonly start: number;
  readonly recovery: Recovery;
  readonly presence: Presence;
  readonly reads: Reads;
  readonly settings: RoomSettings;
}

export function encodeJoined(head: JoinedHead, events: readonly StoredEvent[]): string {
  return withEvents({ type: 'joined', ...head }, events);
}

export function encodeHistory(id: number, room: string, { position, start, events }: Page): string {
  return withEvents({ type: 'history', id, room, position, start }, events);
}

/** The reply that goes out most: put together from its parts, in a third of the time. */
export function encodePublished({ id, room, position, at }: FrameOf<ServerFrame, 'published'>): string {
  const place = `{"epoch":${JSON.stringify(position.epoch)},"offset":${position.offset}}`;
  return `{"type":"published","id":${id},"room":${JSON.stringify(room)},"position":${place},"at":${at}}`;
}

function withEvents(head: object, events: readonly StoredEvent[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"events":[${events.map((event) => event.json).join(',')}]}`;
}
