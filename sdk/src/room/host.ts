import type { OnAnswer, Request } from '../connection/requests.ts';
import type { Environment } from '../environment.ts';
import type { ChatError } from '../errors.ts';
import type { Publish } from '../outbox.ts';
import type { ClientFrame, FrameOf, Member, Push, Reply } from '../protocol/index.ts';

/** A push that concerns one room. */
export type RoomPush = Extract<Push, { readonly room: string }>;

export type HistoryRequest = Extract<Request, { readonly type: 'history' }>;
export type HistoryReply = FrameOf<Reply, 'history'>;

/** What the client tells a room. */
export interface RoomPort {
  connected(): void;
  lost(): void;
  /** The client has ended. */
  end(error: ChatError, state: 'left' | 'denied'): void;
  receive(push: RoomPush): void;
}

/** What a room needs of the client that it belongs to. */
export interface RoomHost {
  readonly environment: Environment;
  /** Whom the client speaks for. Absent before the first connection. */
  readonly member: Member | undefined;
  /** What this client's member is called until the relay has said it. */
  readonly name: string;
  readonly isUp: boolean;
  /** Why no connection will come any more. */
  readonly ended: ChatError | undefined;
  /** Connects, unless that is under way, waits its time, or has been refused. */
  start(): void;
  /** Where the client tells the room what happens. */
  attach(room: string, port: RoomPort): void;
  /** One attempt over the connection there is; `onAnswer` runs in the turn in which the reply arrives. */
  ask(request: Request, onAnswer: OnAnswer): void;
  /** As many attempts as connections are lost. Rejects with any other error, and when the signal aborts. */
  readHistory(request: HistoryRequest, signal?: AbortSignal): Promise<HistoryReply>;
  /** Returns why it could not be sent at all. Without a connection it is dropped. */
  tell(frame: ClientFrame): ChatError | undefined;
  /** Keeps it until it is stored, or refused for good. Returns a function that withdraws it. */
  publish(publish: Publish, onSettled: OnAnswer): () => void;
}
