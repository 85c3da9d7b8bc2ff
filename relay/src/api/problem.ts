// What the server API answers where it does not do what it was asked: RFC 9457 problem details, each with a stable code.

import type { ErrorCode } from '@chat-room/sdk/protocol';
import { ERRORS } from '@chat-room/sdk/protocol';
import type { HttpResponse } from '../adapter/adapter.ts';

const PROBLEMS = {
  bad_request: [400, 'The request is not valid'],
  bad_json: [400, 'The body is not JSON'],
  unauthorized: [401, 'The key was not accepted'],
  forbidden: [403, 'The key does not allow this'],
  not_found: [404, 'There is nothing here'],
  channel_gone: [404, 'There is no such channel, or no longer'],
  method_not_allowed: [405, 'This address does not answer that method'],
  conflict: [409, 'It contradicts what is stored'],
  too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body must be application/json'],
  refused: [422, 'The event was refused'],
  rate_limited: [429, 'Too many requests'],
  internal: [500, 'The relay failed; the fault is not yours'],
  unavailable: [503, 'The relay can not do it right now'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One value of a request that is wrong: where, as a JSON pointer below `path`, `query` or `body`, and what would be right. */
export interface FieldFault {
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemExtras {
  readonly errors?: readonly FieldFault[];
  /** Seconds. */
  readonly retryAfterS?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the protocol, where the event itself was refused. */
  readonly protocolCode?: string;
}

/** Thrown inside the API, and answered as a problem. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.extras = extras;
  }

  get title(): string {
    return PROBLEMS[this.code][1];
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }

  /** `headers`: what every answer to the request has. */
  response(instance: string, requestId: string, headers: Readonly<Record<string, string>>): HttpResponse {
    const { status, title } = this;
    const { errors, retryAfterS, protocolCode } = this.extras;
    return {
      status,
      headers: {
        ...headers,
        ...this.extras.headers,
        ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
        'content-type': 'application/problem+json',
      },
      body: JSON.stringify({
        type: `urn:chat-room:problem:${this.code}`,
        title,
        status,
        detail: this.message,
        instance,
        code: this.code,
        requestId,
        ...(errors && { errors }),
        ...(protocolCode !== undefined && { protocolCode }),
      }),
    };
  }
}

/** One value of a request is wrong. */
export function faultAt(pointer: string, detail: string): Problem {
  return invalid([{ pointer, detail }]);
}

/** Several are. */
export function invalid(errors: readonly FieldFault[]): Problem {
  return new Problem('bad_request', 'The request is not valid: see errors.', { errors });
}

/** What each code of the protocol is in HTTP. Some are only ever said to a connection: here they mean the request. */
const PROBLEM_OF: Readonly<Record<ErrorCode, ProblemCode>> = {
  bad_frame: 'bad_request',
  unknown_type: 'bad_request',
  too_large: 'bad_request',
  bad_room: 'bad_request',
  bad_media_type: 'bad_request',
  not_connected: 'bad_request',
  already_connected: 'bad_request',
  unsupported_version: 'bad_request',
  unauthorized: 'refused',
  auth_unavailable: 'unavailable',
  forbidden: 'refused',
  muted: 'refused',
  banned: 'refused',
  slow_mode: 'rate_limited',
  too_many_sanctions: 'refused',
  not_joined: 'bad_request',
  too_many_rooms: 'bad_request',
  rate_limited: 'rate_limited',
  key_reused: 'conflict',
  not_found: 'not_found',
  epoch_changed: 'conflict',
  storage_unavailable: 'unavailable',
  overloaded: 'unavailable',
  draining: 'unavailable',
  internal: 'unavailable',
};

/** What the refusal of a publish is in HTTP. */
export function problemOf(protocolCode: ErrorCode, detail: string | undefined, retryAfterMs = 1_000): Problem {
  const { action, reason } = ERRORS[protocolCode];
  return new Problem(PROBLEM_OF[protocolCode], detail ?? reason, {
    protocolCode,
    ...(action === 'retry' && { retryAfterS: Math.ceil(retryAfterMs / 1_000) }),
  });
}
