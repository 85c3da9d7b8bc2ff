// What both decoders share: the result, and how a reader gives up.

import type { ErrorCode } from './codes.ts';

/** `id` is there when the refused frame had a readable one, so that the refusal can be a reply. */
export type Decoded<F> =
  | { readonly ok: true; readonly frame: F }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string; readonly id: number | undefined };

/** An object out of JSON whose fields nobody has looked at yet. */
export type Fields = { readonly [key: string]: unknown };

/** Thrown by a field reader, caught by `decodeWith`; it never leaves this folder. */
export class Refused extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** One reader per frame type: adding a frame without a reader does not compile. */
export type Readers<F extends { readonly type: string }> = {
  readonly [T in F['type']]: (fields: Fields) => Extract<F, { readonly type: T }>;
};

/** Reads one frame by its `type`. Never throws. */
export function decodeWith<F extends { readonly type: string }>(readers: Readers<F>, text: string): Decoded<F> {
  const fields = parseObject(text);
  if (fields === undefined) return { ok: false, code: 'bad_frame', detail: 'not a JSON object', id: undefined };
  const id = isRequestId(fields['id']) ? fields['id'] : undefined;
  const type = fields['type'];
  if (typeof type !== 'string') return { ok: false, code: 'bad_frame', detail: 'type: not a string', id };
  if (!Object.hasOwn(readers, type)) return { ok: false, code: 'unknown_type', detail: `type: ${type.slice(0, 40)}`, id };
  try {
    return { ok: true, frame: readers[type as F['type']](fields) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: error.code, detail: error.message, id };
    throw error;
  }
}

/** A JSON object that is not an array, or undefined. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ids of requests are positive integers: 0 stays free for a client's own use. */
export function isRequestId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** Offsets are whole and never negative. */
export function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
