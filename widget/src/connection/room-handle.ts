// What the widget needs of a client and of a room. The SDK's ChatClient and Room fit; so does a page's own, or a test's.
import type { Discontinuity, Member, Message, Presence, Receipt, RoomState, Status, StatusChange, Typing } from '@chat-room/sdk';

export interface RoomHandleEvents {
  message: Message;
  timeline: readonly Message[];
  state: RoomState;
  presence: Presence;
  typing: Typing;
  discontinuity: Discontinuity;
}

export interface RoomHandle {
  readonly timeline: readonly Message[];
  readonly state: RoomState;
  readonly presence: Presence | undefined;
  readonly typing: Typing;
  on<E extends keyof RoomHandleEvents>(event: E, listener: (value: RoomHandleEvents[E]) => void): () => void;
  join(options: { recent: number }): Promise<unknown>;
  leave(): Promise<unknown>;
  send(text: string): Promise<Receipt>;
  retry(id: string): Promise<unknown>;
  discard(id: string): void;
  /** Extends `timeline` backwards. */
  loadBefore(limit: number): Promise<{ readonly atStart: boolean }>;
  setTyping(active: boolean): void;
  markRead(offset: number): void;
}

export interface ClientHandle {
  readonly status: Status;
  readonly member: Member | undefined;
  room(name: string): RoomHandle;
  on(event: 'status', listener: (change: StatusChange) => void): () => void;
  close(): unknown;
}

/** Who one is, for a client that the widget makes itself. Two elements that say the same share one client. */
export interface Identity {
  readonly url: string;
  readonly name: string;
  readonly token: string;
  readonly getToken: (() => Promise<string> | string) | undefined;
}
