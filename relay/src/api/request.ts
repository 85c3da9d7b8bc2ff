// Reads a request of the server API: what it names, what it asks for, what it carries. Nothing here knows an operation.

import { randomBytes } from 'node:crypto';
import { MAX_DATA_DEPTH } from '@chat-room/sdk/protocol';
import type { TObject, TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import type { HttpRequest } from '../adapter/adapter.ts';
import { faultAt, invalid, Problem } from './problem.ts';

const MAX_BODY_BYTES = 262_144;
/** The fields of an event stand in a body; in one of them is `data`. */
const MAX_BODY_DEPTH = MAX_DATA_DEPTH + 2;
const MAX_POINTER_LENGTH = 200;
const REQUEST_ID = /^[\w.:-]{1,128}$/;
const IDEMPOTENCY_KEY = /^[!-~]{1,64}$/;

export type Texts = Readonly<Record<string, string>>;

/** The name of a request in answers and logs: its sender's, where that is fit to be logged, else a new one. */
export function requestIdOf({ headers }: HttpRequest): string {
  const given = headers.get('x-request-id');
  return given !== undefined && REQUEST_ID.test(given) ? given : `req_${randomBytes(12).toString('base64url')}`;
}

/** The values of a path's parameters; undefined where it is another path. */
export function matchPath(segments: readonly string[], path: string): Texts | undefined {
  const parts = path.split('/');
  if (parts.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    const part = parts[i] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) values[name] = decoded(part);
    else if (part !== segment) return undefined;
  }
  return values;
}

/** The parameters of a query. Throws a Problem where one is given twice: which of them counts would be a guess. */
export function readQuery(query: string): Texts {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (values.has(name)) throw faultAt(pointerTo('/query', `/${name}`), 'must not be given twice');
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

/** Texts as the schema's types: a whole number where one is asked for, and is there. */
export function typed(values: Texts, { properties }: TObject): Readonly<Record<string, unknown>> {
  const isWhole = (name: string): boolean =>
    Object.hasOwn(properties, name) && (properties[name] as { readonly type?: string }).type === 'integer';
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, isWhole(name) && /^\d{1,15}$/.test(text) ? Number(text) : text]),
  );
}

/** A body, as JSON. Throws a Problem. */
export function readBody({ headers, body }: HttpRequest): unknown {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Problem('unsupported_media_type', 'The body must be application/json.');
  if (body.length > MAX_BODY_BYTES) throw new Problem('too_large', `The body has more than ${MAX_BODY_BYTES} bytes.`);
  const value = parse(body);
  // Whoever writes it as JSON again goes down as deep as it is: that must not exhaust the stack.
  if (!isWithinDepth(value, MAX_BODY_DEPTH)) throw faultAt('/body', `must not be nested deeper than ${MAX_BODY_DEPTH}`);
  return value;
}

/** The header `Idempotency-Key`, with or without the quotes that its draft wants. Throws a Problem where it is none. */
export function idempotencyKeyOf({ headers }: HttpRequest): string | undefined {
  const given = headers.get('idempotency-key');
  if (given === undefined) return undefined;
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given;
  if (IDEMPOTENCY_KEY.test(key)) return key;
  throw faultAt('/headers/idempotency-key', 'must be 1 to 64 visible ASCII characters');
}

/** The value, if its schema takes it. Throws a Problem that points at what is wrong with it. */
export function check(validator: Validator<Record<never, never>, TSchema>, value: unknown, where: string): unknown {
  if (validator.Check(value)) return value;
  const errors = validator
    .Errors(value)
    // Of a field too many the object is told, and the field itself: the latter is enough.
    .filter(({ keyword }) => keyword !== 'additionalProperties')
    .map(({ keyword, instancePath, message }) => ({
      pointer: pointerTo(where, instancePath),
      detail: keyword === 'boolean' ? 'unknown' : message,
    }));
  throw invalid(errors);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Problem('bad_json', 'The body is no JSON in UTF-8.');
  }
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((child) => isWithinDepth(child, depth - 1));
}

/** What its sender named is told back to them, but not at any length. */
function pointerTo(where: string, path: string): string {
  return `${where}${path}`.slice(0, MAX_POINTER_LENGTH);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // which no schema takes
  }
}
