// What an upload is answered that is not taken: RFC 9457 problem details, each with a stable code.

import type { HttpResponse } from '../adapter/adapter.ts';

const PROBLEMS = {
  length_mismatch: [400, 'The body is not as long as the ticket says'],
  unauthorized: [401, 'The ticket was not accepted'],
  forbidden_origin: [403, 'Pages of this origin may not send files to this relay'],
  not_found: [404, 'There is nothing here'],
  method_not_allowed: [405, 'This address does not answer that method'],
  too_slow: [408, 'The body came too slowly'],
  already_uploaded: [409, 'This file is here already'],
  too_large: [413, 'The body is longer than the ticket says'],
  bad_media_type: [415, 'The bytes are not of a type that this relay takes'],
  range_not_satisfiable: [416, 'The file has no such part'],
  too_many_uploads: [429, 'This member sends too many files at a time'],
  overloaded: [503, 'The relay takes as many files as it can'],
  draining: [503, 'The relay is going down'],
  storage_unavailable: [503, 'The relay can not store files right now'],
  storage_full: [507, 'The relay has no room for files'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type UploadProblemCode = keyof typeof PROBLEMS;

/** When to come back, for what may pass. */
const RETRY_AFTER_S = 1;

/** Thrown while a file is taken, and answered as a problem. */
export class UploadProblem extends Error {
  readonly code: UploadProblemCode;

  constructor(code: UploadProblemCode, detail?: string) {
    super(detail ?? `${PROBLEMS[code][1]}.`);
    this.name = 'UploadProblem';
    this.code = code;
  }

  response(headers: Readonly<Record<string, string>> = {}): HttpResponse {
    const [status, title] = PROBLEMS[this.code];
    return {
      status,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...(status === 401 && { 'www-authenticate': 'Bearer' }),
        ...((status === 429 || status === 503) && { 'retry-after': String(RETRY_AFTER_S) }),
        ...headers,
      },
      body: JSON.stringify({
        type: `urn:chat-room:problem:${this.code}`,
        title,
        status,
        detail: this.message,
        code: this.code,
      }),
    };
  }
}
