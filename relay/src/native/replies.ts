// Replies that hold events are put together from text that is encoded already. A test holds them to the frame types.

import type { Position, Presence, Reads, Recovery, RoomSettings } from '@chat-room/sdk/protocol';
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

function withEvents(head: object, events: readonly StoredEvent[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"events":[${events.map((event) => event.json).join(',')}]}`;
}
