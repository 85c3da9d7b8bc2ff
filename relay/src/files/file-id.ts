// A file's id: when it was asked for, so that the oldest come first wherever ids are listed, and 144 random bits, so that
// nobody finds a file that they were not told of.

import { randomBytes } from 'node:crypto';

/** Milliseconds since 1970 in base 36: nine digits until the year 5188. */
const TIME_LENGTH = 9;
const RANDOM_BYTES = 18;
const ID = /^[\da-z]{9}[\w-]{24}$/;

/** A new id for a file that is asked for now, in milliseconds since 1970. */
export function newFileId(now: number): string {
  return timePrefix(now) + randomBytes(RANDOM_BYTES).toString('base64url');
}

export function isFileId(text: string): boolean {
  return ID.test(text);
}

/** When the id was made, in milliseconds since 1970. */
export function timeOfFileId(id: string): number {
  return Number.parseInt(id.slice(0, TIME_LENGTH), 36);
}

function timePrefix(time: number): string {
  return Math.max(0, Math.floor(time)).toString(36).padStart(TIME_LENGTH, '0');
}
