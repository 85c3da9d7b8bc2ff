// What the server API answers where it does not do what it was asked: RFC 9457 problem details, each with a stable code.

import type { ErrorCode } from '@chat-room/sdk/protocol';
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

  get status(): number {
    return PROBLEMS[this.code][0];
  }

  response(instance: string, requestId: string): HttpResponse {
    const [status, title] = PROBLEMS[this.code];
    const { errors, retryAfterS, headers, protocolCode } = this.extras;
    return {
      status,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': requestId,
        ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
        ...headers,
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

/** What the refusal of a publish is in HTTP. */
export function problemOf(code: ErrorCode, detail: string | undefined, retryAfterMs: number | undefined): Problem {
  const retryAfterS = Math.ceil((retryAfterMs ?? 1_000) / 1_000);
  const text = detail ?? code;
  switch (code) {
    case 'key_reused':
    case 'epoch_changed':
      return new Problem('conflict', text, { protocolCode: code });
    case 'not_found':
      return new Problem('not_found', text, { protocolCode: code });
    case 'forbidden':
      return new Problem('refused', text, { protocolCode: code });
    case 'rate_limited':
      return new Problem('rate_limited', text, { retryAfterS, protocolCode: code });
    case 'storage_unavailable':
    case 'overloaded':
    case 'draining':
    case 'internal':
      return new Problem('unavailable', text, { retryAfterS, protocolCode: code });
    default:
      return new Problem('bad_request', text, { protocolCode: code });
  }
}
