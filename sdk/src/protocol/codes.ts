// Error codes (a reply: the connection lives on) and close codes (the connection ends). Both tell a client that has
// never heard of a code what to do: an error by its `action`, a close by the range its number lies in.

/**
 * What to do about an error reply:
 * `fix`    the request is wrong and will stay wrong; do not send it again unchanged.
 * `retry`  send the same request again, not before `retryAfterMs`.
 * `rejoin` what you hold of the room is void or unconfirmed: join it again, then decide.
 */
export type ErrorAction = 'fix' | 'retry' | 'rejoin';

interface ErrorInfo {
  readonly action: ErrorAction;
  readonly reason: string;
}

export const ERRORS = {
  bad_frame: { action: 'fix', reason: 'The frame is not valid: see PROTOCOL.md for its fields.' },
  unknown_type: { action: 'fix', reason: 'This relay knows no frame of that type.' },
  too_large: { action: 'fix', reason: 'The frame or one of its fields is larger than the protocol allows.' },
  bad_room: { action: 'fix', reason: 'That is not a valid room name.' },
  not_connected: { action: 'fix', reason: 'The first frame must be connect.' },
  already_connected: { action: 'fix', reason: 'This connection has sent connect before.' },
  unsupported_version: { action: 'fix', reason: 'This relay does not speak that protocol version.' },
  unauthorized: { action: 'fix', reason: 'The token was not accepted.' },
  auth_unavailable: { action: 'retry', reason: 'Nobody could be asked just now whether the token is good.' },
  forbidden: { action: 'fix', reason: 'You may not do that here.' },
  bad_media_type: { action: 'fix', reason: 'This relay takes no files of that type.' },
  muted: { action: 'fix', reason: 'You are muted in this room.' },
  banned: { action: 'fix', reason: 'You are banned from this room.' },
  slow_mode: { action: 'retry', reason: 'The room is in slow mode: wait before your next message.' },
  too_many_sanctions: { action: 'fix', reason: 'The room holds as many mutes and bans as it may: lift some.' },
  not_joined: { action: 'rejoin', reason: 'Join the room first.' },
  too_many_rooms: { action: 'fix', reason: 'This connection has joined as many rooms as it may.' },
  rate_limited: { action: 'retry', reason: 'Too much in too short a time.' },
  key_reused: { action: 'fix', reason: 'That idempotency key was used for something else.' },
  not_found: { action: 'fix', reason: 'The event it refers to does not exist, or no longer does.' },
  epoch_changed: { action: 'rejoin', reason: 'The log was replaced; offsets of its old epoch mean nothing now.' },
  storage_unavailable: { action: 'retry', reason: 'The relay could not store it.' },
  overloaded: { action: 'retry', reason: 'The relay has too much to do.' },
  draining: { action: 'retry', reason: 'The relay is going down and will be back.' },
  internal: { action: 'retry', reason: 'The relay failed; the fault is not yours.' },
} as const satisfies Record<string, ErrorInfo>;

/** A code of this version. A newer relay may send others: then obey the `action` that comes with it. */
export type ErrorCode = keyof typeof ERRORS;

export const CLOSE_CODES = {
  /** The relay restarts. A `drain` push said when to return. */
  draining: 4000,
  /** A reply could not be queued: the client does not read what it asked for. */
  slow_reader: 4001,
  /** No `connect` came in time. */
  connect_timeout: 4003,
  /** The relay failed inside this connection. */
  internal: 4004,
  /** More came than the connection's consumer could handle. */
  overloaded: 4005,
  /** The token ended while connected. */
  token_expired: 4300,
  /** The `connect` named a version that the relay does not speak. */
  unsupported_version: 4500,
  /** The token was refused. */
  unauthorized: 4501,
  /** Someone who may ended this connection. */
  kicked: 4502,
  /** Nothing but frames the relay had to refuse. */
  abuse: 4503,
} as const satisfies Record<string, number>;

/**
 * What a client does after a close, in the words of ErrorAction:
 * `retry` with back-off; `reauthenticate`: get a new token, then as `retry`; `fix`: do not come back by itself.
 */
export type CloseAction = Exclude<ErrorAction, 'rejoin'> | 'reauthenticate';

/** The action for any close code, known or not: the ranges are the promise, not the list. */
export function closeAction(code: number): CloseAction {
  // 1008 is a proxy's or host's policy: dialling again would only repeat it. 1002, 1003, 1007: we speak what it can't read.
  if (code >= 4500 || [1002, 1003, 1007, 1008].includes(code)) return 'fix';
  return code >= 4300 ? 'reauthenticate' : 'retry';
}
