import type { OnAnswer, Request } from '../connection/requests.ts';
import type { Environment } from '../environment.ts';
import type { ChatError } from '../errors.ts';
import type { IdentityKeeper } from '../identity.ts';
import type { Kept, Reply } from '../outbox.ts';
import type { ClientFrame, Member, Push } from '../protocol/index.ts';

/** A push that concerns one room. */
export type RoomPush = Extract<Push, { readonly room: string }>;

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
  readonly identity: IdentityKeeper;
  /** Whom the client speaks for. Absent before the first connection. */
  readonly member: Member | undefined;
  readonly isUp: boolean;
  /** Why no connection will come any more. */
  readonly ended: ChatError | undefined;
  /** Connects, unless that is under way, waits its time, or has been refused. */
  start(): void;
  /** Where the client tells the room what happens. */
  attach(room: string, port: RoomPort): void;
  /** One attempt over the connection there is; `onAnswer` runs in the turn in which the reply arrives. */
  ask(request: Request, onAnswer: OnAnswer): void;
  /** As many attempts as it takes: rejects with what a retry would not mend, and when the signal aborts. */
  request(request: Kept, signal?: AbortSignal): Promise<Reply>;
  /** Sends what nobody answers. Without a connection it is dropped. Throws where it is too large. */
  tell(frame: ClientFrame): void;
}
