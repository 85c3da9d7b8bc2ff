// Files that a message refers to. What stands in a message comes from whoever wrote it: only what could have come from a
// relay is let through.

import { MAX_ATTACHMENTS, MAX_FILE_NAME_LENGTH } from '../protocol/limits.ts';
import { isName } from '../protocol/room-name.ts';
import type { Message } from '../types.ts';

/** A file at the relay. A message refers to it in `data: { attachments: [attachment, …] }`, ten at the most. */
export interface Attachment {
  /** A path at the relay. */
  readonly url: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Pixels, where it is a picture that says so: room can be kept for it before it has loaded. */
  readonly width?: number;
  readonly height?: number;
}

/** As UPL4 says: an id, and a name as `encodeURIComponent` spells it, which begins with no dot. Nothing that leads elsewhere. */
const URL_PATH = /^\/files\/[\w-]{1,64}\/(?!\.|%2e)(?:[\w.!~*'()-]|%[\da-f]{2}){1,1000}$/i;
const MEDIA_TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,127}$/;
const MAX_SIDE = 65_535;

/** The files that a message refers to. Whatever is malformed is left out. */
export function attachmentsOf({ data }: Pick<Message, 'data'>): readonly Attachment[] {
  const attachments = fieldsOf(data)['attachments'];
  if (!Array.isArray(attachments)) return [];
  return attachments.slice(0, MAX_ATTACHMENTS).flatMap((value) => readAttachment(value) ?? []);
}

/** One attachment, read from what it may not be; undefined where it is none. */
export function readAttachment(value: unknown): Attachment | undefined {
  const { url, name, mediaType, bytes, width, height } = fieldsOf(value);
  if (typeof url !== 'string' || !URL_PATH.test(url) || !isName(name, MAX_FILE_NAME_LENGTH)) return undefined;
  if (typeof mediaType !== 'string' || !MEDIA_TYPE.test(mediaType) || !isWhole(bytes, 0, Number.MAX_SAFE_INTEGER))
    return undefined;
  const hasSize = isWhole(width, 1, MAX_SIDE) && isWhole(height, 1, MAX_SIDE);
  return { url, name, mediaType, bytes, ...(hasSize && { width, height }) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}
