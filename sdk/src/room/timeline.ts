// The messages of one room as a list: the loaded part of the log, folded, and behind it one's own that are not in it yet.

import type { Position, RoomEvent } from '../protocol/index.ts';
import type { Delivery, Message } from '../types.ts';
import type { Change, Viewpoint } from './fold.ts';
import { applyChange, isChange, isOrigin, messageId, toMessage } from './fold.ts';

export class Timeline {
  readonly #room: string;
  /** Rising by offset; `#offsets` runs beside it, to find one in log(n). */
  #stored: Message[] = [];
  #offsets: number[] = [];
  /** Not in the log yet, or not seen there yet. By idempotency key, in the order in which they were sent. */
  readonly #echoes = new Map<string, Message>();
  /** Changes to messages that are not loaded, by offset of the message, each list rising. */
  #pending = new Map<number, readonly Change[]>();
  #epoch = '';
  /** The loaded part of the log: from the event `#first` up to and including `#last`. */
  #first = 1;
  #last = 0;
  #view: readonly Message[] | undefined;

  constructor(room: string) {
    this.#room = room;
  }

  /** Stored ones in the order of the log, then echoes. Another array exactly when something changed. */
  get messages(): readonly Message[] {
    this.#view ??= [...this.#stored, ...this.#echoes.values()];
    return this.#view;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Offset of the earliest loaded event; of the next one, where none is. */
  get first(): number {
    return this.#first;
  }

  /** Forgets the log, and goes on behind `position`. Echoes that are in no log yet remain. */
  restart({ epoch, offset }: Position): void {
    this.#stored = [];
    this.#offsets = [];
    this.#pending = new Map();
    for (const [key, { id, delivery }] of this.#echoes) {
      const isAhead = delivery.state === 'stored' && id === messageId(epoch, delivery.offset) && delivery.offset > offset;
      if (delivery.state === 'stored' && !isAhead) this.#echoes.delete(key);
    }
    this.#epoch = epoch;
    this.#first = offset + 1;
    this.#last = offset;
    this.#view = undefined;
  }

  /** The next event of the log. Returns the message that it is, if it is one. */
  append(event: RoomEvent, me: string | undefined): Message | undefined {
    if (event.offset !== this.#last + 1) return undefined; // seen (EVT6); a gap is the log's affair, not ours
    this.#last = event.offset;
    if (isChange(event)) this.#change(event);
    if (!isOrigin(event)) return undefined;
    const message = this.#withPending(toMessage(event, this.#viewpoint(me), this.#takeEcho(event, me)), event.offset);
    this.#stored.push(message);
    this.#offsets.push(event.offset);
    this.#view = undefined;
    return message;
  }

  /** Earlier events, up to right before the first loaded one. False where they do not fit there. */
  prepend(events: readonly RoomEvent[], me: string | undefined): boolean {
    const older = events.filter((event) => event.offset < this.#first);
    if (older.at(-1)?.offset !== this.#first - 1) return false;
    const page = this.#fold(this.#epoch, older, me);
    for (const [target, changes] of page.#pending) this.#pending.set(target, [...changes, ...(this.#pending.get(target) ?? [])]);
    for (const offset of page.#offsets) this.#pending.delete(offset);
    this.#stored = [...page.#stored, ...this.#stored];
    this.#offsets = [...page.#offsets, ...this.#offsets];
    this.#first = page.#first;
    if (page.#stored.length > 0) this.#view = undefined;
    return true;
  }

  /** Messages of any page of a log, with what is known of later changes where it is this one. Changes nothing here. */
  view(epoch: string, events: readonly RoomEvent[], me: string | undefined): readonly Message[] {
    return this.#fold(epoch, events, me).#stored.map((message) => this.find(message.id) ?? message);
  }

  /** The loaded message with that id. */
  find(id: string): Message | undefined {
    const index = this.#stored.length > 0 ? this.#indexOfId(id) : -1;
    return index >= 0 ? this.#stored[index] : [...this.#echoes.values()].find((echo) => echo.id === id);
  }

  /** Shows a message that was just sent. */
  echo(key: string, message: Message): void {
    this.#echoes.set(key, message);
    this.#view = undefined;
  }

  /** The relay has stored it, or will not. Nothing happens where the log has shown it already. */
  deliver(key: string, delivery: Delivery, stored?: { readonly position: Position; readonly at: number }): void {
    const echo = this.#echoes.get(key);
    if (echo === undefined) return;
    this.#view = undefined;
    if (stored === undefined) return void this.#echoes.set(key, { ...echo, delivery });
    const { position, at } = stored;
    // The log is beyond it, or is another one: it can only be found by loading back.
    if (this.#epoch === position.epoch && position.offset <= this.#last) return void this.#echoes.delete(key);
    this.#echoes.set(key, { ...echo, delivery, id: messageId(position.epoch, position.offset), at });
  }

  /** Takes an echo away. */
  discard(key: string): void {
    if (this.#echoes.delete(key)) this.#view = undefined;
  }

  #viewpoint(me: string | undefined): Viewpoint {
    return { room: this.#room, epoch: this.#epoch, me };
  }

  #fold(epoch: string, events: readonly RoomEvent[], me: string | undefined): Timeline {
    const page = new Timeline(this.#room);
    page.restart({ epoch, offset: (events[0]?.offset ?? 1) - 1 });
    for (const event of events) page.append(event, me);
    if (epoch !== this.#epoch) return page;
    page.#stored = page.#stored.map((message, index) => this.#withPending(message, page.#offsets[index] ?? 0));
    return page;
  }

  /** The stored event of an echo takes its place, and its key, so that a rendered row stays the same row. */
  #takeEcho({ from, key, offset }: RoomEvent, me: string | undefined): string | undefined {
    for (const [echoKey, { id }] of this.#echoes) {
      const isSame = (echoKey === key && from.id === me) || id === messageId(this.#epoch, offset);
      if (isSame && this.#echoes.delete(echoKey)) return echoKey;
    }
    return undefined;
  }

  #withPending(message: Message, offset: number): Message {
    return (this.#pending.get(offset) ?? []).reduce(applyChange, message);
  }

  #change(change: Change): void {
    const { target } = change;
    const index = this.#indexOf(target);
    const message = this.#stored[index];
    if (message === undefined) {
      if (target < this.#first) this.#pending.set(target, [...(this.#pending.get(target) ?? []), change]);
      return;
    }
    const changed = applyChange(message, change);
    if (changed === message) return;
    this.#stored[index] = changed;
    this.#view = undefined;
  }

  #indexOfId(id: string): number {
    const prefix = `${this.#epoch}:`;
    return id.startsWith(prefix) ? this.#indexOf(Number(id.slice(prefix.length))) : -1;
  }

  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#offsets[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return this.#offsets[low] === offset ? low : -1;
  }
}
