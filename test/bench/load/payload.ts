// What is said in the load: a text with a marker of fixed width in it, that is found again in whatever frame a server makes of
// it, without parsing that frame. `@T<time>.<connection>.<sequence>@` and then as many letters as the scenario wants.

/** `@T`, 13 digits, `.`, 5 digits, `.`, 9 digits, `@`. */
export const MARKER_BYTES = 32;
/** The places of the three numbers, from the marker's first byte. */
export const TIME = { at: 2, digits: 13 } as const;
export const CONNECTION = { at: 16, digits: 5 } as const;
export const SEQUENCE = { at: 22, digits: 9 } as const;

const AT_SIGN = 0x40;
const LETTER_T = 0x54;
const ZERO = 0x30;

/** The text of one publish as a template: `%t` the time, `%i` the connection, `%s` the sequence number. */
export function payloadTemplate(padBytes: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz';
  return `@T%t.%i.%s@${alphabet.repeat(Math.ceil(padBytes / alphabet.length)).slice(0, padBytes)}`;
}

/** Whether a marker stands at `at`, and ends before `end`. */
export function isMarkerAt(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    at + MARKER_BYTES <= end && bytes[at] === AT_SIGN && bytes[at + 1] === LETTER_T && bytes[at + MARKER_BYTES - 1] === AT_SIGN
  );
}

/** The first marker between `start` and `end`, or -1. */
export function findMarker(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at + MARKER_BYTES <= end; at += 1) if (bytes[at] === AT_SIGN && isMarkerAt(bytes, at, end)) return at;
  return -1;
}

/** A number of fixed width. */
export function readDigits(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let index = at; index < at + digits; index += 1) value = value * 10 + ((bytes[index] ?? ZERO) - ZERO);
  return value;
}
