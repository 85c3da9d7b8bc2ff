import { Emitter } from '../emitter.ts';
import { ChatError } from '../errors.ts';
import type {
  ClientFrame,
  EventBody,
  FrameOf,
  JsonValue,
  Member,
  ModerationAction,
  Presence,
  Reads,
  RoomSettings,
  ServerFrame,
} from '../protocol/index.ts';
import type {
  HistoryOptions,
  HistoryPage,
  JoinOptions,
  Message,
  PublishOptions,
  Receipt,
  RoomEvents,
  RoomState,
  SendOptions,
  Typing,
} from '../types.ts';
import { echoOf, messageId, parseMessageId } from './fold.ts';
import { extendTimeline, readHistory } from './history.ts';
import type { RoomHost } from './host.ts';
import { Membership } from './membership.ts';
import { streamMessages } from './message-stream.ts';
import { People } from './people.ts';
import { Timeline } from './timeline.ts';

/** What the modules beside this one ask. */
type RoomRequest = Omit<FrameOf<ClientFrame, 'sanctions'>, 'id' | 'room'> | Omit<FrameOf<ClientFrame, 'upload'>, 'id' | 'room'>;

/** What is sent: `epoch` is that of the offsets in it. */
interface Draft {
  readonly event: EventBody;
  readonly epoch?: string;
}

/** The id names no message that could be meant. */
const notFound = (): ChatError => new ChatError('not_found');

/** One room, as this client sees it. `client.room(name)` makes it; the same name gives the same room. */
export class Room {
  readonly name: string;
  readonly #host: RoomHost;
  readonly #emitter = new Emitter<RoomEvents>();
  readonly #timeline: Timeline;
  readonly #membership: Membership;
  readonly #people: People;
  #shown: readonly Message[];
  /** Somebody has listened to the timeline. */
  #isShown = false;
  #flushing: Promise<void> | undefined;
  #extending: Promise<HistoryPage> | undefined;

  constructor(host: RoomHost, name: string) {
    this.name = name;
    this.#host = host;
    this.#people = new People(host, name, this.#emitter);
    this.#timeline = new Timeline(
      name,
      () => host.member?.id,
      () => this.#flushLater(),
    );
    this.#shown = this.#timeline.messages;
    this.#membership = new Membership(host, name, this.#emitter, this.#timeline, this.#people);
    this.on('state', () => this.#flushLater()); // what was read meanwhile can be said now
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
    return this.#timeline.atStart;
  }

  /** Who is here; in a large room only some of them, see `presence`. */
  get members(): readonly Member[] {
    return this.presence?.members ?? [];
  }

  /** Absent until joined. */
  get presence(): Presence | undefined {
    return this.#people.known.presence;
  }

  get typing(): Typing {
    return this.#people.known.typing;
  }

  /** Member id → offset up to which that member has read. */
  get reads(): Reads {
    return this.#people.known.reads;
  }

  /** What moderators have set, and what one may do here. Absent until joined. */
  get settings(): RoomSettings | undefined {
    return this.#people.known.settings;
  }

  /** Calls `listener` at each such event. Returns a function that ends it. */
  on<T extends keyof RoomEvents>(type: T, listener: (value: RoomEvents[T]) => void): () => void {
    this.#isShown ||= type === 'timeline';
    return this.#emitter.on(type, listener);
  }

  /** Joins, and connects if need be. Resolves once live: all that was missed has been delivered. Rejects where refused. */
  join({ recent = 0 }: JoinOptions = {}): Promise<void> {
    return this.#membership.join(recent);
  }

  /** Leaves. The timeline stays, and joining again goes on from there. */
  async leave(): Promise<void> {
    if (!this.#membership.isWanted) return;
    this.#membership.end(new ChatError('left'), 'left');
    if (!this.#host.isUp) return;
    await new Promise((resolve) => this.#host.ask({ type: 'leave', room: this.name }, resolve));
  }

  /** Sends a message. It shows in `timeline` at once; the promise resolves when it is stored, however long that takes. */
  send(text: string, { replyTo, data, ...options }: SendOptions = {}): Promise<Receipt> {
    this.#people.typed();
    const message = { type: 'message' as const, text, ...(data !== undefined && { data }) };
    if (replyTo === undefined) return this.#publish({ event: message }, options);
    return this.#change(replyTo, (offset) => ({ ...message, replyTo: offset }), options);
  }

  /** Sends a message once more that failed, with its key: were it stored after all, it would be so only once. */
  async retry(id: string): Promise<Receipt> {
    const message = this.#findFailed(id);
    if (message === undefined) throw notFound();
    return this.send(message.text, message);
  }

  /** Takes a message away that failed. */
  discard(id: string): void {
    const message = this.#findFailed(id);
    if (message) this.#timeline.discard(message.key);
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

  /** Pins, mutes, bans …: for who may moderate. From the moment it is stored it holds for everything that is stored later. */
  moderate(action: ModerationAction, options?: PublishOptions): Promise<Receipt> {
    const { epoch } = this.#timeline; // a message to pin is named by its offset
    return this.#publish({ event: { type: 'moderation', action }, ...(epoch !== '' && { epoch }) }, options);
  }

  /** Publishes an event of the application's own. An ephemeral one reaches whoever is here now, and is dropped while not live. */
  publish(name: string, data: JsonValue, options: { readonly ephemeral: true }): Promise<undefined>;
  publish(name: string, data: JsonValue, options?: PublishOptions & { readonly ephemeral?: false }): Promise<Receipt>;
  async publish(
    name: string,
    data: JsonValue,
    { ephemeral, ...options }: PublishOptions & { readonly ephemeral?: boolean } = {},
  ): Promise<Receipt | undefined> {
    if (!ephemeral) return this.#publish({ event: { type: 'custom', name, data } }, options);
    if (this.#membership.isJoined) this.#host.tell({ type: 'ephemeral', room: this.name, name, data });
    return undefined;
  }

  /** Call it at each key stroke: it is sent as often as is useful. Sending a message ends it. */
  setTyping(active: boolean): void {
    if (this.#membership.isJoined) this.#people.setTyping(active);
  }

  /** Says that everything up to `offset` has been read. It only rises. */
  markRead(offset: number): void {
    this.#people.markRead(offset);
    this.#flushLater();
  }

  /** Reads a page of the log. The timeline stays as it is. */
  history(options: HistoryOptions = {}): Promise<HistoryPage> {
    return readHistory(this.#host, this.#timeline, options);
  }

  /** Extends the timeline backwards, by at least one message where there is one. Resolves with those that were added. */
  loadBefore(limit: number = 50): Promise<HistoryPage> {
    // Two pages at a time would not fit on each other.
    this.#extending ??= extendTimeline(this.#host, this.#timeline, limit).finally(() => {
      this.#extending = undefined;
    });
    return this.#extending;
  }

  /** The messages from the first `next` on, one's own included, until the signal aborts, or the room is left or denied. */
  messages({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<Message, void, void> {
    return streamMessages(this, signal);
  }

  /** Asks what no method asks, for the modules beside this one. The reply is as it came: they read it. */
  request(request: RoomRequest, signal?: AbortSignal): Promise<unknown> {
    return this.#host.request({ ...request, room: this.name }, signal);
  }

  /** Publishes what refers to the message with that id. */
  async #change(id: string, eventFor: (offset: number) => EventBody, options?: PublishOptions): Promise<Receipt> {
    const place = parseMessageId(id);
    if (place === undefined) throw notFound();
    return this.#publish({ event: eventFor(place.offset), epoch: place.epoch }, options);
  }

  /** Publishes an event, and shows it at once if it is a message. */
  async #publish(draft: Draft, options: SendOptions = {}): Promise<Receipt> {
    const { environment, member, identity } = this.#host;
    const { key = environment.newKey(), at: writtenAt = environment.clock.now(), signal, held } = options;
    const { event, epoch = '' } = draft;
    if (event.type === 'message') {
      const from = member ?? { id: '', name: identity.name };
      this.#timeline.echo(key, echoOf(event, epoch, { key, room: this.name, from, at: writtenAt }));
    }
    try {
      if (held) throw new ChatError('held');
      const reply = await this.#host.request({ type: 'publish', room: this.name, key, ...draft }, signal);
      const { position, at } = reply as FrameOf<ServerFrame, 'published'>; // FRM2: the reply to this request
      const { epoch, offset } = position;
      const id = messageId(epoch, offset);
      this.#timeline.deliver(key, { id, at, delivery: { state: 'stored', offset } }, position);
      // Where nobody is in the room, no log will take the echo's place: it would stay for ever.
      if (!this.#membership.isWanted) this.#timeline.discard(key);
      return { id, offset, at, position };
    } catch (error) {
      if (!(error instanceof ChatError))
        this.#timeline.discard(key); // the signal's own reason
      else {
        this.#timeline.deliver(key, { delivery: { state: 'failed', error } });
        if (error.action === 'rejoin') this.#membership.run({ type: 'stale' });
      }
      throw error;
    }
  }

  #findFailed(id: string): Message | undefined {
    return this.timeline.find((message) => message.id === id && message.delivery.state === 'failed');
  }

  /** However much happens in one task, listeners hear of the timeline once, and the relay of what was read. */
  #flushLater(): void {
    this.#flushing ??= Promise.resolve().then(() => {
      this.#flushing = undefined;
      if (this.#membership.isJoined) this.#people.tellRead(this.#timeline.epoch);
      // The list is not made for nobody: at each message of a busy room, that is what costs.
      if (!this.#isShown || this.#shown === this.timeline) return;
      this.#shown = this.timeline;
      this.#emitter.emit('timeline', this.#shown);
    });
  }
}
