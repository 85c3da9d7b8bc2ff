import { Emitter } from '../emitter.ts';
import { ChatError, toChatError } from '../errors.ts';
import type { EventBody, JsonValue, Member, Presence, Reads, RoomEvent } from '../protocol/index.ts';
import type { HistoryPage, Message, Receipt, RoomEvents, RoomState, Typing } from '../types.ts';
import { parseMessageId } from './fold.ts';
import type { HistoryOptions } from './history.ts';
import { HistoryReader } from './history.ts';
import type { RoomHost, RoomPush } from './host.ts';
import { Membership } from './membership.ts';
import { MessageStream } from './message-stream.ts';
import { People } from './people.ts';
import type { PublishOptions } from './publisher.ts';
import { notFound, Publisher } from './publisher.ts';
import { Timeline } from './timeline.ts';
import { TypingNotice } from './typing.ts';

export interface JoinOptions {
  /** How many of the log's last events to begin with, at most 200. Default 0. */
  readonly recent?: number;
}

export interface SendOptions extends PublishOptions {
  /** Id of the message it answers. */
  readonly replyTo?: string;
  readonly data?: JsonValue;
}

/** One room, as this client sees it. `client.room(name)` makes it; the same name gives the same room. */
export class Room {
  readonly name: string;
  readonly #host: RoomHost;
  readonly #emitter = new Emitter<RoomEvents>();
  readonly #timeline: Timeline;
  readonly #membership: Membership;
  readonly #people: People;
  readonly #publisher: Publisher;
  readonly #history: HistoryReader;
  readonly #typingNotice: TypingNotice;
  #shown: readonly Message[];
  #isFlushDue = false;

  constructor(host: RoomHost, name: string) {
    this.name = name;
    this.#host = host;
    this.#timeline = new Timeline(name);
    this.#shown = this.#timeline.messages;
    this.#people = new People(host, name, this.#emitter);
    this.#history = new HistoryReader(host, name, this.#timeline);
    this.#typingNotice = new TypingNotice(host.environment.clock, (active) => {
      host.tell({ type: 'typing', room: name, active });
    });
    this.#publisher = this.#newPublisher();
    this.#membership = this.#newMembership();
    host.attach(name, {
      connected: () => this.#membership.run({ type: 'connected' }),
      lost: () => this.#lost(),
      end: (error, state) => this.#end(error, state),
      receive: (push) => this.#receive(push),
    });
  }

  get state(): RoomState {
    return this.#membership.state;
  }

  /** The loaded messages in the order of the log, then one's own that are not stored yet. Another array when it changes. */
  get timeline(): readonly Message[] {
    return this.#timeline.messages;
  }

  /** True where the log holds nothing before the timeline. */
  get atStart(): boolean {
    return this.#history.atStart;
  }

  /** Who is here; in a large room only some of them, see `presence`. */
  get members(): readonly Member[] {
    return this.presence?.members ?? [];
  }

  /** Absent until joined. */
  get presence(): Presence | undefined {
    return this.#people.presence;
  }

  get typing(): Typing {
    return this.#people.typing;
  }

  /** Member id → offset up to which that member has read. */
  get reads(): Reads {
    return this.#people.reads;
  }

  /** Calls `listener` at each such event. Returns a function that ends it. */
  on<T extends keyof RoomEvents>(type: T, listener: (value: RoomEvents[T]) => void): () => void {
    return this.#emitter.on(type, listener);
  }

  /** Joins, and connects if need be. Resolves once live: all that was missed has been delivered. Rejects where refused. */
  join({ recent = 0 }: JoinOptions = {}): Promise<void> {
    return this.#membership.join(recent);
  }

  /** Leaves. The timeline stays, and joining again goes on from there. */
  async leave(): Promise<void> {
    if (!this.#membership.isWanted) return;
    this.#end(new ChatError('left', 'fix', 'The room was left.'), 'left');
    if (!this.#host.isUp) return;
    await new Promise((resolve) => this.#host.ask({ type: 'leave', room: this.name }, resolve));
  }

  /** Sends a message. It shows in `timeline` at once; the promise resolves when it is stored, however long that takes. */
  send(text: string, { replyTo, data, ...options }: SendOptions = {}): Promise<Receipt> {
    const place = replyTo === undefined ? undefined : parseMessageId(replyTo);
    if (replyTo !== undefined && place === undefined) return Promise.reject(notFound());
    this.#typingNotice.reset(); // EPH3: the message itself ends it
    const body = { type: 'message' as const, text, ...(place && { replyTo: place.offset }), ...(data !== undefined && { data }) };
    return this.#publisher.send(body, place?.epoch, options);
  }

  /** Sends a message once more that failed. */
  retry(id: string): Promise<Receipt> {
    return this.#publisher.retry(id);
  }

  /** Takes back a message that is not stored yet, or failed. */
  discard(id: string): void {
    this.#publisher.discard(id);
  }

  /** Changes the text of one's own message. */
  edit(id: string, text: string, options?: PublishOptions): Promise<Receipt> {
    return this.#change(id, (target) => ({ type: 'edit', target, text }), options);
  }

  /** Deletes a message: its text and edits are gone for everybody. */
  delete(id: string, options?: PublishOptions): Promise<Receipt> {
    return this.#change(id, (target) => ({ type: 'delete', target }), options);
  }

  /** Adds one's reaction to a message. */
  react(id: string, reaction: string, options?: PublishOptions): Promise<Receipt> {
    return this.#change(id, (target) => ({ type: 'reaction', target, reaction, action: 'add' }), options);
  }

  /** Takes one's reaction back. */
  unreact(id: string, reaction: string, options?: PublishOptions): Promise<Receipt> {
    return this.#change(id, (target) => ({ type: 'reaction', target, reaction, action: 'remove' }), options);
  }

  /** Publishes an event of the application's own. An ephemeral one reaches whoever is here now, and is dropped while not live. */
  publish(name: string, data: JsonValue, options: { readonly ephemeral: true }): Promise<undefined>;
  publish(name: string, data: JsonValue, options?: PublishOptions & { readonly ephemeral?: false }): Promise<Receipt>;
  async publish(
    name: string,
    data: JsonValue,
    { ephemeral, ...options }: PublishOptions & { readonly ephemeral?: boolean } = {},
  ): Promise<Receipt | undefined> {
    if (!ephemeral) return this.#publisher.publish({ type: 'custom', name, data }, undefined, options);
    const refusal = this.#membership.isJoined && this.#host.tell({ type: 'ephemeral', room: this.name, name, data });
    if (refusal) throw toChatError(refusal);
    return undefined;
  }

  /** Call it at each key stroke: it is sent as often as is useful. Sending a message ends it. */
  setTyping(active: boolean): void {
    if (this.#membership.isJoined) this.#typingNotice.set(active);
  }

  /** Says that everything up to `offset` has been read. It only rises. */
  markRead(offset: number): void {
    this.#people.markRead(offset);
    this.#flushLater();
  }

  /** Reads a page of the log. The timeline stays as it is. */
  history(options: HistoryOptions = {}): Promise<HistoryPage> {
    return this.#history.read(options);
  }

  /** Extends the timeline backwards, by at least one message where there is one. Resolves with those that were added. */
  loadBefore(limit?: number): Promise<HistoryPage> {
    return this.#history.extend(limit).finally(() => this.#flushLater());
  }

  /** The messages from now on, one's own included, until the signal aborts, or the room is left or denied. */
  messages({ signal }: { readonly signal?: AbortSignal } = {}): AsyncIterableIterator<Message> {
    const end = (): void => stream.end();
    const stops: (() => void)[] = [];
    const stream = new MessageStream<Message>(() => {
      for (const stop of stops) stop();
    });
    stops.push(
      this.on('message', (message) => stream.push(message)),
      this.on('state', (state) => (state === 'left' || state === 'denied') && end()),
      () => signal?.removeEventListener('abort', end),
    );
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
    return stream;
  }

  #newPublisher(): Publisher {
    return new Publisher(this.#host, this.name, this.#timeline, {
      changed: () => this.#flushLater(),
      failed: ({ action }) => {
        if (action === 'rejoin') this.#membership.run({ type: 'stale' });
      },
      isFollowed: () => this.#membership.isWanted,
    });
  }

  #newMembership(): Membership {
    return new Membership(this.#host, this.name, {
      joined: (reply) => {
        this.#history.logStart = reply.start;
        this.#people.joined(reply);
      },
      restart: (position, reason) => {
        this.#timeline.restart(position);
        this.#people.restarted();
        this.#flushLater();
        if (reason) this.#emitter.emit('discontinuity', { reason });
      },
      deliver: (events) => this.#deliver(events),
      state: (state) => {
        if (state === 'denied') this.#people.left();
        this.#emitter.emit('state', state);
        this.#flushLater(); // what was read meanwhile can be said now
      },
    });
  }

  #lost(): void {
    this.#typingNotice.reset();
    this.#people.lost();
    this.#membership.run({ type: 'lost' });
  }

  #end(error: ChatError, state: 'left' | 'denied'): void {
    if (!this.#membership.isWanted) return;
    this.#typingNotice.reset();
    this.#people.left();
    this.#membership.end(error, state);
  }

  #receive(push: RoomPush): void {
    if (!this.#membership.isJoined) return; // JOI1: what counts comes after `joined`
    if (push.type === 'ephemeral') {
      const { room, from, name, data } = push;
      this.#emitter.emit('event', { room, from, name, data });
    } else if (push.type === 'events' || push.type === 'removed') {
      this.#membership.run(push);
    } else if (push.type === 'position') {
      this.#people.checkPresence(push.presenceVersion);
      this.#membership.run(push);
    } else this.#people.receive(push);
  }

  #change(id: string, bodyFor: (target: number) => EventBody, options?: PublishOptions): Promise<Receipt> {
    const place = parseMessageId(id);
    return place ? this.#publisher.publish(bodyFor(place.offset), place.epoch, options) : Promise.reject(notFound());
  }

  #deliver(events: readonly RoomEvent[]): void {
    for (const event of events) {
      const message = this.#timeline.append(event, this.#host.member?.id);
      if (message) this.#emitter.emit('message', message);
      if (event.type !== 'custom') continue;
      const { from, name, data, offset, at } = event;
      this.#emitter.emit('event', { room: this.name, from, name, data, offset, at });
    }
    this.#flushLater();
  }

  /** However much happens in one task, listeners hear of the timeline once, and the relay of what was read. */
  #flushLater(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      this.#isFlushDue = false;
      if (this.#membership.isJoined) this.#people.tellRead(this.#timeline.epoch);
      if (this.#shown === this.timeline) return;
      this.#shown = this.timeline;
      this.#emitter.emit('timeline', this.#shown);
    });
  }
}
