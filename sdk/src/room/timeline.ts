// The messages of one room as a list: the loaded part of the log, folded, and behind it one's own that are not in it yet.

import type { Position, RoomEvent } from '../protocol/index.ts';
import type { Delivery, Message } from '../types.ts';
import type { Change, Origin } from './fold.ts';
import { applyChange, isChange, isOrigin, messageId, parseMessageId, toMessage } from './fold.ts';

export class Timeline {
  readonly room: string;
  readonly #me: () => string | undefined;
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
    this.#me = me;
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

  /** Forgets the log, and goes on behind `position`. Echoes that are in no log yet remain. */
  restart({ epoch, offset }: Position): void {
    this.#stored.clear();
    this.#changes.clear();
    this.epoch = epoch;
    this.first = offset + 1;
    this.#last = offset;
    for (const [key, { id, delivery }] of this.#echoes) {
      if (delivery.state === 'stored' && !this.#isAhead(parseMessageId(id))) this.#echoes.delete(key);
    }
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

  /** Earlier events, up to right before the first loaded one. False where they do not fit there. */
  prepend(events: readonly RoomEvent[]): boolean {
    const [earliest] = events;
    if (earliest === undefined || events.at(-1)?.offset !== this.first - 1) return false;
    for (const change of events.filter(isChange).reverse()) {
      this.#changesTo(change.target).unshift(change);
    }
    const older = events.filter(isOrigin).map((origin) => [origin.offset, this.#compose(origin, [])] as const);
    this.#stored = new Map([...older, ...this.#stored]);
    this.first = earliest.offset;
    this.#touch();
    return true;
  }

  /** Messages of any page of a log, with what is known of later changes where it is this one. Changes nothing here. */
  view(epoch: string, events: readonly RoomEvent[]): readonly Message[] {
    if (epoch !== this.epoch) {
      const other = new Timeline(this.room, this.#me, () => undefined);
      other.epoch = epoch;
      return other.view(epoch, events);
    }
    const changes = events.filter(isChange);
    return events.filter(isOrigin).map((origin) => this.#stored.get(origin.offset) ?? this.#compose(origin, changes));
  }

  /** The message with that id, if it is loaded. */
  find(id: string): Message | undefined {
    const place = parseMessageId(id);
    const stored = place?.epoch === this.epoch ? this.#stored.get(place.offset) : undefined;
    return stored ?? [...this.#echoes.values()].find((echo) => echo.id === id);
  }

  /** Shows a message that was just sent. */
  echo(key: string, message: Message): void {
    this.#echoes.set(key, message);
    this.#touch();
  }

  /** The relay has stored it at `position`, or will not. Nothing happens where the log has shown it already. */
  deliver(key: string, delivery: Delivery, position?: Position, at?: number): void {
    const echo = this.#echoes.get(key);
    if (echo === undefined) return;
    const stored = position && { id: messageId(position.epoch, position.offset), at: at ?? echo.at };
    // The log is beyond it: then it was delivered to somebody we are not any more, or is found by loading back.
    if (position?.epoch === this.epoch && !this.#isAhead(position)) this.discard(key);
    else this.echo(key, { ...echo, delivery, ...stored });
  }

  /** Takes an echo away. */
  discard(key: string): void {
    if (this.#echoes.delete(key)) this.#touch();
  }

  #touch(): void {
    this.#view = undefined;
    this.#onChange();
  }

  #isAhead(position: Position | undefined): boolean {
    return position?.epoch === this.epoch && position.offset > this.#last;
  }

  #changesTo(target: number): Change[] {
    const changes = this.#changes.get(target) ?? [];
    this.#changes.set(target, changes);
    return changes;
  }

  /** The message as it is after all the changes that are known, those of its page among them. */
  #compose(origin: Origin, page: readonly Change[], key?: string): Message {
    const { room, epoch } = this;
    const changes = [...page.filter(({ target }) => target === origin.offset), ...(this.#changes.get(origin.offset) ?? [])];
    return changes.reduce(applyChange, toMessage(origin, { room, epoch, me: this.#me() }, key));
  }

  /** The stored event of an echo takes its place, and its key, so that a rendered row stays the same row. */
  #takeEcho({ from, key, offset }: RoomEvent): string | undefined {
    for (const [echoKey, { id }] of this.#echoes) {
      const isSame = (echoKey === key && from.id === this.#me()) || id === messageId(this.epoch, offset);
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
