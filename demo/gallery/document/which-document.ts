// Which document an address names: everybody's, or one that only those find who were given its address.

const NAME = /^[a-z0-9-]{8,40}$/;
const FRESH_LETTERS = 20;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export interface WhichDocument {
  /** The room whose log it is. */
  readonly room: string;
  readonly isEverybodys: boolean;
}

/** Of the query of a page's address. What names none is everybody's. */
export function documentAt(query: string): WhichDocument {
  const name = new URLSearchParams(query).get('name') ?? '';
  return NAME.test(name) ? { room: `document-${name}`, isEverybodys: false } : { room: 'document', isEverybodys: true };
}

/** The query of a document that nobody else comes across: 20 letters, 94 bits. */
export function freshDocument(): string {
  const bytes: number[] = [];
  // Of a byte only as much as divides by 26 is used: every letter is as likely.
  while (bytes.length < FRESH_LETTERS)
    bytes.push(...crypto.getRandomValues(new Uint8Array(FRESH_LETTERS)).filter((byte) => byte < 234));
  const name = bytes.slice(0, FRESH_LETTERS).map((byte) => LETTERS[byte % LETTERS.length]);
  return `?name=${name.join('')}`;
}
