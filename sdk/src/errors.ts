import type { ErrorAction, ErrorCode, ErrorReply } from './protocol/index.ts';

/**
 * Codes that are the client's own:
 * `disconnected` the connection ended before the reply came. `closed` the client was closed. `left` the room was left.
 * `queue_full` too many messages wait to be sent. `unreachable` no socket could be opened, or no token be had.
 * `held` it was kept from an earlier page, too long ago to be sent without asking. `slow_reader` whoever reads `room.messages()` fell too far behind.
 * `close_4502` and the like: the socket was closed with that code.
 */
export type ClientErrorCode =
  | 'disconnected'
  | 'closed'
  | 'left'
  | 'queue_full'
  | 'held'
  | 'slow_reader'
  | 'unreachable'
  | `close_${number}`;

/** Everything the SDK rejects with, but for an `AbortSignal`'s own reason. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  /** Stable. A newer relay may send codes of its own: then `action` says what to do. */
  readonly code: ErrorCode | ClientErrorCode | (string & {});
  /** `fix`: it will fail again as it is. `retry`: it may succeed later. `rejoin`: what it referred to is void. */
  readonly action: ErrorAction;
  /** How long to wait before a retry, where the relay said so. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ChatError['code'], action: ErrorAction = 'fix', message: string = code, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.action = action;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An error reply as an error to throw. */
export function toChatError({ code, action, message, retryAfterMs }: Omit<ErrorReply, 'type'>): ChatError {
  return new ChatError(code, action, message, retryAfterMs);
}
