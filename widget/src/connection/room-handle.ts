// What the widget needs of a client and of a room. The SDK's ChatClient and Room fit; so does a page's own, or a test's.
import type {
  Discontinuity,
  HistoryOptions,
  HistoryPage,
  Member,
  Message,
  ModerationAction,
  Presence,
  Reads,
  Receipt,
  Room,
  RoomSettings,
  RoomState,
  SendOptions,
  Status,
  StatusChange,
  Typing,
} from '@chat-room/sdk';

export interface RoomHandleEvents {
  message: Message;
  timeline: readonly Message[];
  state: RoomState;
  presence: Presence;
  typing: Typing;
  reads: Reads;
  settings: RoomSettings;
  discontinuity: Discontinuity;
}

export interface RoomHandle {
  readonly timeline: readonly Message[];
  readonly state: RoomState;
  readonly presence: Presence | undefined;
  readonly typing: Typing;
  readonly reads: Reads;
  /** Absent until joined. */
  readonly settings: RoomSettings | undefined;
  on<E extends keyof RoomHandleEvents>(event: E, listener: (value: RoomHandleEvents[E]) => void): () => void;
  join(options: { recent: number }): Promise<unknown>;
  leave(): Promise<unknown>;
  send(text: string, options?: SendOptions): Promise<Receipt>;
  edit(id: string, text: string): Promise<unknown>;
  delete(id: string): Promise<unknown>;
  react(id: string, reaction: string): Promise<unknown>;
  unreact(id: string, reaction: string): Promise<unknown>;
  moderate(action: ModerationAction): Promise<unknown>;
  retry(id: string): Promise<unknown>;
  discard(id: string): void;
  /** Extends `timeline` backwards. */
  loadBefore(limit: number): Promise<{ readonly atStart: boolean }>;
  /** What the SDK's further modules ask: where to send a file, who is banned. */
  readonly request: Room['request'];
  /** Reads a page of the log, and leaves `timeline` as it is. */
  history(options: HistoryOptions): Promise<HistoryPage>;
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
