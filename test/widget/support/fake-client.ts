// A client and a room that do what a test tells them, and remember what the widget asked of them.

import type {
  HistoryOptions,
  HistoryPage,
  Member,
  Message,
  ModerationAction,
  Presence,
  Reads,
  Receipt,
  RoomSettings,
  RoomState,
  SendOptions,
  Status,
  StatusChange,
  Typing,
} from '@chat-room/sdk';
import { ChatError } from '@chat-room/sdk';
import type { ClientHandle, RoomHandle, RoomHandleEvents } from '../../../widget/src/connection/room-handle.ts';

export const ADA: Member = { id: 'm-ada', name: 'Ada Lovelace' };
export const BOB: Member = { id: 'm-bob', name: 'Bob' };
export const ME: Member = { id: 'm-me', name: 'Grace Hopper' };

/** 12:00 of a day that is far from any change of clocks. */
export const NOON = new Date(2026, 5, 17, 12).getTime();

type Listeners = { [E in keyof RoomHandleEvents]: Set<(value: RoomHandleEvents[E]) => void> };

export interface MessageFields extends Partial<Omit<Message, 'delivery'>> {
  readonly offset?: number;
}

/** A stored message; what a test does not care about has a default. */
export function message({ offset = 1, ...fields }: MessageFields = {}): Message {
  const from = fields.from ?? ADA;
  return {
    id: `e1:${offset}`,
    key: `k${offset}`,
    room: 'lobby',
    from,
    own: from.id === ME.id,
    text: `Message ${offset}`,
    at: NOON + offset * 1_000,
    delivery: { state: 'stored', offset },
    reactions: [],
    ...fields,
  };
}

/** Messages with the offsets `first` to `last`, of two people who take turns. */
export function messages(first: number, last: number): Message[] {
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const offset = first + i;
    const text = `Message ${offset}${' and some more words to wrap around'.repeat(offset % 4)}`;
    return message({ offset, from: Math.floor(offset / 3) % 2 === 0 ? ADA : BOB, text, at: NOON + offset * 20_000 });
  });
}

interface Pending<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

export class FakeRoom implements RoomHandle {
  timeline: readonly Message[] = [];
  state: RoomState = 'left';
  presence: Presence | undefined;
  typing: Typing = { members: [], count: 0 };
  reads: Reads = {};
  settings: RoomSettings | undefined;
  /** What pages of the log are answered with, newest last. */
  log: readonly Message[] = [];
  /** What the widget asked for, in order. */
  readonly calls: string[] = [];
  readonly sends: (Pending<Receipt> & { readonly text: string; readonly options: SendOptions })[] = [];
  /** Edits, deletions, reactions and moderation under way. */
  readonly changes: Pending<void>[] = [];
  readonly requests: Pending<unknown>[] = [];
  readonly loads: Pending<{ readonly atStart: boolean }>[] = [];
  readonly #listeners: Listeners = {
    message: new Set(),
    timeline: new Set(),
    state: new Set(),
    presence: new Set(),
    typing: new Set(),
    reads: new Set(),
    settings: new Set(),
    discontinuity: new Set(),
  };

  get listenerCount(): number {
    return Object.values(this.#listeners).reduce((sum, { size }) => sum + size, 0);
  }

  on<E extends keyof RoomHandleEvents>(event: E, listener: (value: RoomHandleEvents[E]) => void): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  join(): Promise<void> {
    this.calls.push('join');
    if (this.state === 'left') this.setState('joining');
    return Promise.resolve();
  }

  leave(): Promise<void> {
    this.calls.push('leave');
    this.setState('left');
    return Promise.resolve();
  }

  send(text: string, options: SendOptions = {}): Promise<Receipt> {
    const { replyTo, data } = options;
    this.calls.push(`send ${text}`);
    const key = `mine-${this.sends.length + 1}`;
    const at = this.timeline.at(-1)?.at ?? NOON;
    this.show(
      [...this.timeline, message({ id: `local:${key}`, key, from: ME, text, at, replyTo, data })].map((m) =>
        m.key === key ? sending(m) : m,
      ),
    );
    return new Promise((resolve, reject) => this.sends.push({ text, options, resolve, reject }));
  }

  edit(id: string, text: string): Promise<void> {
    return this.#ask(`edit ${id} ${text}`);
  }

  delete(id: string): Promise<void> {
    return this.#ask(`delete ${id}`);
  }

  react(id: string, reaction: string): Promise<void> {
    return this.#ask(`react ${id} ${reaction}`);
  }

  unreact(id: string, reaction: string): Promise<void> {
    return this.#ask(`unreact ${id} ${reaction}`);
  }

  moderate(action: ModerationAction): Promise<void> {
    return this.#ask(`moderate ${JSON.stringify(action)}`);
  }

  request(request: Parameters<RoomHandle['request']>[0]): Promise<unknown> {
    this.calls.push(`request ${request.type}`);
    return new Promise((resolve, reject) => this.requests.push({ resolve, reject }));
  }

  /** Pages of `log`: what a test put there. */
  history({ before, after, limit = 50 }: HistoryOptions): Promise<HistoryPage> {
    const offset = ({ delivery }: Message): number => (delivery.state === 'stored' ? delivery.offset : 0);
    const inRange = this.log.filter((one) => offset(one) < (before ?? Number.POSITIVE_INFINITY) && offset(one) > (after ?? 0));
    const messages = after === undefined ? inRange.slice(-limit) : inRange.slice(0, limit);
    const first = messages[0] && offset(messages[0]);
    return Promise.resolve({ messages, events: [], first, atStart: messages[0] === this.log[0] });
  }

  retry(id: string): Promise<void> {
    this.calls.push(`retry ${id}`);
    this.change(id, sending);
    return Promise.resolve();
  }

  discard(id: string): void {
    this.calls.push(`discard ${id}`);
    this.show(this.timeline.filter((other) => other.id !== id));
  }

  loadBefore(): Promise<{ readonly atStart: boolean }> {
    this.calls.push('loadBefore');
    return new Promise((resolve, reject) => this.loads.push({ resolve, reject }));
  }

  setTyping(active: boolean): void {
    this.calls.push(`typing ${active}`);
  }

  markRead(offset: number): void {
    this.calls.push(`read ${offset}`);
  }

  /** Live, with what the log holds and who is there. */
  goLive(timeline: readonly Message[] = [], members: readonly Member[] = [ADA, BOB, ME]): void {
    this.timeline = timeline;
    this.presence = { scope: 'all', version: 1, members };
    this.setState('live');
  }

  setState(state: RoomState): void {
    this.state = state;
    this.emit('state', state);
  }

  show(timeline: readonly Message[]): void {
    this.timeline = timeline;
    this.emit('timeline', timeline);
  }

  /** Somebody's message is stored. */
  receive(...arrived: readonly Message[]): void {
    this.show([...this.timeline, ...arrived]);
    for (const one of arrived) this.emit('message', one);
  }

  change(id: string, change: (message: Message) => Message): void {
    this.show(this.timeline.map((other) => (other.id === id ? change(other) : other)));
  }

  /** Answers the oldest open request for earlier messages. */
  answerLoad(earlier: readonly Message[], atStart = false): void {
    this.show([...earlier, ...this.timeline]);
    this.loads.shift()?.resolve({ atStart });
  }

  setTypers(...members: readonly Member[]): void {
    this.typing = { members, count: members.length };
    this.emit('typing', this.typing);
  }

  #ask(call: string): Promise<void> {
    this.calls.push(call);
    return new Promise((resolve, reject) => this.changes.push({ resolve, reject }));
  }

  emit<E extends keyof RoomHandleEvents>(event: E, value: RoomHandleEvents[E]): void {
    for (const listener of [...this.#listeners[event]]) listener(value);
  }
}

export class FakeClient implements ClientHandle {
  status: Status = 'online';
  readonly member = ME;
  isClosed = false;
  readonly rooms = new Map<string, FakeRoom>();
  readonly #listeners = new Set<(change: StatusChange) => void>();

  room(name: string): FakeRoom {
    const room = this.rooms.get(name) ?? new FakeRoom();
    this.rooms.set(name, room);
    return room;
  }

  on(_event: 'status', listener: (change: StatusChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.isClosed = true;
  }

  setStatus(status: Status, code?: string): void {
    this.status = status;
    const error = code === undefined ? undefined : new ChatError(code, 'fix');
    for (const listener of [...this.#listeners]) listener({ status, ...(error && { error }) });
  }
}

export function sending(message: Message): Message {
  return { ...message, delivery: { state: 'sending' } };
}

export function failed(message: Message): Message {
  const error = new ChatError('storage_unavailable', 'retry');
  return { ...message, delivery: { state: 'failed', error } };
}
