import type { ErrorCode } from './codes.ts';
import { ERRORS } from './codes.ts';
import type { ClientFrame, ErrorReply, ServerFrame } from './frames.ts';

/** Frame to text. The types are the check: a frame that compiles is valid but for the limits. */
export function encodeFrame(frame: ClientFrame | ServerFrame): string {
  return JSON.stringify(frame);
}

/** The error reply for a code of this version. `detail` is for a developer's eyes. */
export function errorReply(code: ErrorCode, detail?: string, id?: number, retryAfterMs?: number): ErrorReply {
  const { action, reason } = ERRORS[code];
  return {
    type: 'error',
    ...(id !== undefined && { id }),
    code,
    action,
    message: detail === undefined ? reason : `${reason} (${detail})`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
