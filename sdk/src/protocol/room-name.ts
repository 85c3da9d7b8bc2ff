import { MAX_ROOM_LENGTH } from './limits.ts';

// Control characters, halves of surrogate pairs, line separators, and the marks that reorder text: none of them is a
// name, all of them spoof one.
const FORBIDDEN = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;
const DOT_SEGMENT = /(^|[/\\])\.{1,2}([/\\]|$)/;

/** True for text that may stand in a name: well-formed, visible, not padded with white space. */
export function isName(text: unknown, maxLength: number): text is string {
  return (
    typeof text === 'string' &&
    text.length > 0 &&
    text.length <= maxLength &&
    !FORBIDDEN.test(text) &&
    text.trim().length === text.length
  );
}

/** True for a room name as LIM2 describes it. Any script is fine; slashes are too, `..` as a path segment is not. */
export function isRoomName(name: unknown): name is string {
  return isName(name, MAX_ROOM_LENGTH) && !DOT_SEGMENT.test(name) && name.normalize('NFC') === name;
}

/** The nearest valid spelling of what a person typed, or undefined where there is none. */
export function toRoomName(text: string): string | undefined {
  const name = text.normalize('NFC').trim();
  return isRoomName(name) ? name : undefined;
}
