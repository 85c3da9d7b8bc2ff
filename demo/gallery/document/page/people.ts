// Who is here, and where in the text. A page tells it as an ephemeral event: when it changes, when somebody comes, and now and
// then; who is not heard of any more is gone.
import type { CustomEventMessage } from '@chat-room/sdk';
import * as Y from 'yjs';
import type { Room } from './document-room.ts';

const EVENT = 'cursor';
const TELL_EVERY_MS = 80;
const TELL_AGAIN_MS = 12_000;
const GONE_AFTER_MS = 30_000;
const MAX_PEOPLE = 50;
/** Each with white text on it is read well. */
const COLOURS = ['#c2255c', '#9c36b5', '#3b5bdb', '#1864ab', '#0b7285', '#2b8a3e', '#a34a00', '#c92a2a'] as const;

/** A page of somebody. Offsets are of the text as it is now; without them they are not in it. */
export interface Person {
  readonly by: string;
  readonly name: string;
  readonly colour: string;
  readonly anchor?: number;
  readonly head?: number;
}

interface Heard {
  readonly name: string;
  readonly member: string;
  readonly anchor: Y.RelativePosition | undefined;
  readonly head: Y.RelativePosition | undefined;
  readonly heardAt: number;
}

interface Selection {
  readonly anchor: number;
  readonly head: number;
}

export class People {
  readonly #room: Room;
  readonly #text: Y.Text;
  readonly #by: string;
  readonly #onChange: () => void;
  readonly #heard = new Map<string, Heard>();
  #selection: Selection | undefined;
  #isDue = false;

  constructor(room: Room, text: Y.Text, by: string, onChange: () => void) {
    this.#room = room;
    this.#text = text;
    this.#by = by;
    this.#onChange = onChange;
    room.on('event', (event) => this.#hear(event));
    room.on('state', (state) => {
      if (state === 'live') this.#tell(true);
    });
    room.on('presence', () => this.#forgetWhoLeft());
    setInterval(() => {
      this.#tell(false);
      this.#forget(({ heardAt }) => Date.now() - heardAt > GONE_AFTER_MS);
    }, TELL_AGAIN_MS);
  }

  /** Everybody else. */
  get others(): readonly Person[] {
    return [...this.#heard].map(([by, { name, anchor, head }]) => {
      const [from, to] = [this.#offsetOf(anchor), this.#offsetOf(head)];
      const where = from !== undefined && to !== undefined ? { anchor: from, head: to } : {};
      return { by, name, colour: colourOf(name), ...where };
    });
  }

  /** Where the own cursor is; nowhere, when the editor is left. */
  moved(selection: Selection | undefined): void {
    this.#selection = selection;
    this.tellSoon();
  }

  tellSoon(delayMs: number = TELL_EVERY_MS): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      this.#tell(false);
    }, delayMs);
  }

  /** This page goes. */
  leave(): void {
    void this.#room.publish(EVENT, { by: this.#by, isGone: true }, { ephemeral: true });
  }

  #tell(isNew: boolean): void {
    const place = this.#selection;
    const at = (offset: number): string => JSON.stringify(Y.createRelativePositionFromTypeIndex(this.#text, offset));
    const where = place ? { anchor: at(place.anchor), head: at(place.head) } : {};
    void this.#room.publish(EVENT, { by: this.#by, isNew, ...where }, { ephemeral: true });
  }

  #hear({ name, from, data, offset }: CustomEventMessage): void {
    if (name !== EVENT || offset !== undefined) return;
    const { by, isNew, isGone, anchor, head } = Object(data) as Partial<Record<string, unknown>>;
    if (typeof by !== 'string' || by.length > 64 || by === this.#by) return;
    if (isGone === true) this.#heard.delete(by);
    else if (this.#heard.has(by) || this.#heard.size < MAX_PEOPLE) {
      const where = { anchor: positionOf(anchor), head: positionOf(head) };
      this.#heard.set(by, { name: from.name, member: from.id, ...where, heardAt: Date.now() });
    }
    // Not all at once, in a full room.
    if (isNew === true) this.tellSoon(TELL_EVERY_MS + 10 * this.#heard.size * Math.random());
    this.#onChange();
  }

  #forgetWhoLeft(): void {
    const { presence } = this.#room;
    if (presence?.scope !== 'all') return;
    const here = new Set(presence.members.map(({ id }) => id));
    this.#forget(({ member }) => !here.has(member));
  }

  #forget(isGone: (heard: Heard) => boolean): void {
    for (const [by, heard] of this.#heard) if (isGone(heard)) this.#heard.delete(by);
    this.#onChange();
  }

  #offsetOf(position: Y.RelativePosition | undefined): number | undefined {
    const { doc } = this.#text;
    const found = position && doc ? Y.createAbsolutePositionFromRelativePosition(position, doc) : null;
    return found?.type === this.#text ? found.index : undefined;
  }
}

/** The same in each of their pages, and after a reload. */
export function colourOf(name: string): string {
  const sum = Array.from(name, (character) => character.charCodeAt(0)).reduce((total, code) => (total * 31 + code) % 65_521, 7);
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

/** What an event says may be anything. */
function positionOf(json: unknown): Y.RelativePosition | undefined {
  try {
    return typeof json === 'string' ? Y.createRelativePositionFromJSON(JSON.parse(json)) : undefined;
  } catch {
    return undefined;
  }
}
