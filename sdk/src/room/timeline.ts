// The messages of one room as a list: the loaded part of the log, folded, and behind it one's own that are not in it yet.

import type { Position, RoomEvent } from '../protocol/index.ts';
import type { Message } from '../types.ts';
import type { Change, Origin, Viewpoint } from './fold.ts';
import { applyChange, isChange, isOrigin, messageId, toMessage } from './fold.ts';

export class Timeline implements Viewpoint {
  readonly room: string;
  readonly me: () => string | undefined;
  readonly #onChange: () => void;
  /** By offset, in the order of the log: setting one again leaves it in its place. */
  #stored = new Map<number, Message>();
  /** Not in the log yet, or not seen there yet. By idempotency key, in the order in which they were sent. */
  readonly #echoes = new Map<string, Message>();
  /** By offset of the message they change, loaded or not, each list rising. */
  readonly #changes = new Map<number, Change[]>();
  /** The loaded part of the log: from the event `first` up to and including `#last`. Changed by the timeline alone. */
  epoch = '';
  first = 1;
  #last = 0;
  #view: readonly Message[] | undefined;
  /** The lowest offset that the log held when it was last looked at. */
  logStart = 1;

  /** `me` tells whose messages are one's own. `onChange` is called at each change; the list is made when it is looked at. */
  constructor(room: string, me: () => string | undefined, onChange: () => void) {
    this.room = room;
    this.me = me;
    this.#onChange = onChange;
  }

  /** Stored ones in the order of the log, then echoes. Another array exactly when something changed. */
  get messages(): readonly Message[] {
    this.#view ??= [...this.#stored.values(), ...this.#echoes.values()];
    return this.#view;
  }

  /** True where the log holds nothing before it. */
  get atStart(): boolean {
    return this.first <= this.logStart;
  }

  /** Forgets the log, and goes on behind `position`. Echoes that are not stored yet remain; the log brings those that are. */
  restart({ epoch, offset }: Position): void {
    this.#stored.clear();
    this.#changes.clear();
    this.epoch = epoch;
    this.first = offset + 1;
    this.#last = offset;
    for (const [key, { delivery }] of this.#echoes) if (delivery.state === 'stored') this.#echoes.delete(key);
    this.#touch();
  }

  /** The next event of the log. Returns the message that it is, if it is one. */
  append(event: RoomEvent): Message | undefined {
    const { offset } = event;
    if (offset !== this.#last + 1) return undefined; // seen (EVT6); a gap is the log's affair, not ours
    this.#last = offset;
    if (isChange(event)) this.#change(event);
    if (!isOrigin(event)) return undefined;
    const message = this.#compose(event, [], this.#takeEcho(event));
    this.#stored.set(offset, message);
    this.#touch();
    return message;
  }

  /** Earlier events, up to right before the first loaded one, of a log that begins at `start`. False where they do not fit there. */
  prepend(events: readonly RoomEvent[], start: number): boolean {
    if ((events.at(-1)?.offset ?? this.first - 1) !== this.first - 1) return false;
    for (const change of events.filter(isChange).reverse()) {
      this.#changesTo(change.target).unshift(change);
    }
    const older = events.filter(isOrigin).map((origin) => [origin.offset, this.#compose(origin, [])] as const);
    this.#stored = new Map([...older, ...this.#stored]);
    this.first = events[0]?.offset ?? this.first;
    this.logStart = Math.min(start, this.first); // an empty page: there is nothing before
    this.#touch();
    return true;
  }

  /** Messages of any page of the log, with what is known of later changes. Changes nothing here. */
  view(events: readonly RoomEvent[]): readonly Message[] {
    const changes = events.filter(isChange);
    return events.filter(isOrigin).map((origin) => this.#compose(origin, changes));
  }

  /** Shows a message that was just sent. */
  echo(key: string, message: Message): void {
    this.#echoes.set(key, message);
    this.#touch();
  }

  /** What became of an echo. Nothing happens where the log has shown it already. */
  deliver(key: string, change: Pick<Message, 'delivery'> & Partial<Message>, position?: Position): void {
    const echo = this.#echoes.get(key);
    if (echo === undefined) return;
    // The log is beyond it: then it was delivered to somebody we are not any more, or is found by loading back.
    if (position?.epoch === this.epoch && position.offset <= this.#last) this.discard(key);
    else this.echo(key, { ...echo, ...change });
  }

  /** Takes an echo away. */
  discard(key: string): void {
    if (this.#echoes.delete(key)) this.#touch();
  }

  #touch(): void {
    this.#view = undefined;
    this.#onChange();
  }

  #changesTo(target: number): Change[] {
    const changes = this.#changes.get(target) ?? [];
    this.#changes.set(target, changes);
    return changes;
  }

  /** The message as it is after all the changes that are known, those of its page among them. */
  #compose(origin: Origin, page: readonly Change[], key?: string): Message {
    const changes = [...page.filter(({ target }) => target === origin.offset), ...(this.#changes.get(origin.offset) ?? [])];
    return changes.reduce(applyChange, toMessage(origin, this, key));
  }

  /** The stored event of an echo takes its place, and its key, so that a rendered row stays the same row. */
  #takeEcho({ from, key, offset }: RoomEvent): string | undefined {
    for (const [echoKey, { id }] of this.#echoes) {
      const isSame = (echoKey === key && from.id === this.me()) || id === messageId(this.epoch, offset);
      if (isSame && this.#echoes.delete(echoKey)) return echoKey;
    }
    return undefined;
  }

  #change(change: Change): void {
    const { target } = change;
    this.#changesTo(target).push(change);
    const message = this.#stored.get(target);
    const changed = message && applyChange(message, change);
    if (changed === undefined || changed === message) return;
    this.#stored.set(target, changed);
    this.#touch();
  }
}
