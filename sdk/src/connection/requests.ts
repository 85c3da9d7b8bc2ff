import { ChatError } from '../errors.ts';
import type { ClientFrame, ErrorReply, FrameOf, Reply } from '../protocol/index.ts';
import { encodeFrame, MAX_FRAME_BYTES } from '../protocol/index.ts';

type Unanswered = FrameOf<ClientFrame, 'connect' | 'ephemeral' | 'typing' | 'read'>;

/** A frame that wants a reply, but for its id. */
export type Request = Exclude<ClientFrame, Unanswered> extends infer F ? (F extends ClientFrame ? Omit<F, 'id'> : never) : never;

/** What a request comes to. */
export type Answer = Exclude<Reply, ErrorReply> | ChatError;

/** Called once, in the turn in which the reply arrived: a promise would let later pushes overtake it. */
export type OnAnswer = (answer: Answer) => void;

/** What an id may add to a frame. */
const ID_BYTES = 24;

/** Throws for a frame that no relay takes: it would close the socket, and be sent again over the next one, for ever. */
export function assertFits(frame: Request | ClientFrame): void {
  const bytes = new TextEncoder().encode(encodeFrame(frame as ClientFrame)).length;
  if (bytes + ID_BYTES > MAX_FRAME_BYTES) throw new ChatError('too_large');
}
