import type { OnReply, Request } from '../connection/requests.ts';
import type { Environment } from '../environment.ts';
import type { ChatError } from '../errors.ts';
import type { Publish } from '../outbox.ts';
import type { ClientFrame, ErrorReply, FrameOf, Member, Push, Reply } from '../protocol/index.ts';

/** What the client tells a room. */
export interface RoomPort {
  connected(): void;
  lost(): void;
  /** The client has ended. */
  end(error: ChatError, state: 'left' | 'denied'): void;
  /** A frame of the room that answers nothing. */
  receive(frame: RoomPush): void;
}

/** A push that concerns one room. */
export type RoomPush = Extract<Push, { readonly room: string }>;

/** What a room needs of the client that it belongs to. */
export interface RoomHost {
  readonly environment: Environment;
  /** Whom the client speaks for. Absent before the first connection. */
  readonly member: Member | undefined;
  /** What this client's member is called until the relay has said it. */
  readonly name: string;
  readonly isUp: boolean;
  /** Why no connection will come any more. */
  readonly ended: ErrorReply | undefined;
  /** Connects, where nobody asked for it before. */
  start(): void;
  /** Where the client tells the room what happens. */
  attach(name: string, port: RoomPort): void;
  /** One attempt over the connection there is; `onReply` runs in the turn in which the reply arrives. */
  ask(request: Request, onReply: OnReply): void;
  /** As many attempts as connections are lost. Rejects with any other error, and when the signal aborts. */
  request<T extends Reply['type']>(request: Request, replyType: T, signal?: AbortSignal): Promise<FrameOf<Reply, T>>;
  /** Returns why it could not be sent at all. Where there is no connection, it is dropped. */
  tell(frame: ClientFrame): ErrorReply | undefined;
  /** Keeps it until it is stored, or refused for good. Returns a function that withdraws it. */
  publish(publish: Publish, onSettled: OnReply): () => void;
}
