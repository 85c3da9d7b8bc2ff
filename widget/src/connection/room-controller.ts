import type { Message, Presence, Reads, RoomState, Status, StatusChange, Typing } from '@chat-room/sdk';
import type { PanelHost, PanelPart } from '../panel/updates.ts';
import { createClient } from './create-client.ts';
import type { Lease } from './leases.ts';
import { leaseClient, leaseRoom } from './leases.ts';
import type { ClientHandle, RoomHandle } from './room-handle.ts';
import type { Selection } from './selection.ts';
import { isSameSelection } from './selection.ts';
import { offsetOf } from './unread.ts';
import { WidgetError } from './widget-error.ts';

/** What is known of the room, for a render. */
export interface RoomView {
  readonly status: Status;
  readonly state: RoomState;
  /** True once the room has been live: an empty timeline then means an empty room. */
  readonly isJoined: boolean;
  readonly messages: readonly Message[];
  readonly presence: Presence | undefined;
  readonly typing: Typing;
  /** Member id → offset up to which that member has read. */
  readonly reads: Reads;
  /** Id of the member whom the client speaks for. */
  readonly me: string | undefined;
  readonly history: 'idle' | 'loading' | 'failed' | 'atStart';
}

/** What the element wants to hear of besides the next render. */
export interface RoomListener {
  onStatus(change: StatusChange): void;
  onReady(): void;
  onMessage(message: Message): void;
  onTimeline(messages: readonly Message[]): void;
  /** Everything shown so far is void: another room, or a log that starts anew. */
  onReset(): void;
  onError(error: unknown): void;
  /** The room does not let us in, or not any more. */
  onDenied(): void;
}

const RECENT = 50;
const NOBODY: Typing = { members: [], count: 0 };

/** Keeps its host on one room: the one `select` names, while the host is in the document. */
export class RoomController implements PanelPart {
  readonly #host: PanelHost;
  readonly #select: () => Selection | undefined;
  readonly #listener: RoomListener;
  #selection: Selection | undefined;
  #client: Lease<ClientHandle> | undefined;
  #room: Lease<RoomHandle> | undefined;
  #subscriptions: (() => void)[] = [];
  #history: RoomView['history'] = 'idle';
  #isJoined = false;
  #readUpTo = 0;

  constructor(host: PanelHost, select: () => Selection | undefined, listener: RoomListener) {
    this.#host = host;
    this.#select = select;
    this.#listener = listener;
    host.parts.push(this);
  }

  get view(): RoomView {
    const room = this.#room?.value;
    return {
      status: this.#client?.value.status ?? 'idle',
      state: room?.state ?? 'left',
      isJoined: this.#isJoined,
      messages: room?.timeline ?? [],
      presence: room?.presence,
      typing: room?.typing ?? NOBODY,
      reads: room?.reads ?? {},
      me: this.#client?.value.member?.id,
      history: this.#history,
    };
  }

  get room(): RoomHandle | undefined {
    return this.#room?.value;
  }

  connected(): void {
    this.#host.requestUpdate();
  }

  willRender(): void {
    if (this.#host.isConnected) this.#use(this.#select());
  }

  /** A move within the document is a removal and an insertion in one task: only what is still out afterwards has left. */
  disconnected(): void {
    setTimeout(() => {
      if (!this.#host.isConnected) this.#use(undefined);
    });
  }

  /** Extends the timeline backwards, unless that is under way or there is nothing more. */
  loadEarlier(): void {
    const room = this.room;
    if (room?.state !== 'live' || this.#history !== 'idle') return;
    this.#setHistory('loading');
    room.loadBefore(RECENT).then(
      ({ atStart }) => room === this.room && this.#setHistory(atStart ? 'atStart' : 'idle'),
      () => room === this.room && this.#setHistory('failed'),
    );
  }

  retryEarlier(): void {
    this.#history = 'idle';
    this.loadEarlier();
  }

  /** Everything up to the newest message has been seen. */
  markRead(): void {
    const last = this.view.messages.reduce((offset, message) => Math.max(offset, offsetOf(message)), 0);
    if (last > this.#readUpTo) this.room?.markRead(last);
    this.#readUpTo = Math.max(last, this.#readUpTo);
  }

  #setHistory(history: RoomView['history']): void {
    this.#history = history;
    this.#host.requestFrame();
  }

  #use(selection: Selection | undefined): void {
    if (isSameSelection(selection, this.#selection)) return;
    this.#selection = selection;
    this.#release();
    this.#listener.onReset();
    if (selection === undefined) return;
    try {
      this.#attach(selection);
    } catch (error) {
      this.#listener.onError(error);
    }
  }

  #attach({ room: name, client: given, identity }: Selection): void {
    if (given !== undefined) this.#client = { value: given, release: () => undefined };
    else if (identity !== undefined) this.#client = leaseClient(identity, createClient);
    const client = this.#client?.value;
    if (client === undefined) throw new WidgetError('no_relay', 'No relay is known: set the attribute "relay".');

    const room = client.room(name);
    const render = this.#host.requestFrame;
    this.#subscriptions = [
      client.on('status', (change) => this.#onStatus(change)),
      room.on('timeline', (messages) => this.#onTimeline(messages)),
      room.on('message', (message) => this.#listener.onMessage(message)),
      room.on('state', () => this.#onState(room)),
      room.on('discontinuity', () => this.#onDiscontinuity()),
      room.on('presence', render),
      room.on('typing', render),
      room.on('reads', render),
      room.on('settings', render),
    ];
    this.#listener.onStatus({ status: client.status });
    this.#room = leaseRoom(room, RECENT, (error) => {
      if (room === this.room) this.#listener.onError(error);
    });
    this.#onState(room);
  }

  #release(): void {
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
    this.#room?.release();
    this.#client?.release();
    this.#room = undefined;
    this.#client = undefined;
    this.#history = 'idle';
    this.#isJoined = false;
    this.#readUpTo = 0;
  }

  #onStatus(change: StatusChange): void {
    this.#listener.onStatus(change);
    this.#host.requestFrame();
  }

  #onState(room: RoomHandle): void {
    if (room.state === 'live' && !this.#isJoined) {
      this.#isJoined = true;
      this.#listener.onTimeline(room.timeline);
      this.#listener.onReady();
      this.#keepOutbox(room).catch((error: unknown) => this.#listener.onError(error));
    }
    if (room.state === 'denied') this.#listener.onDenied();
    this.#host.requestFrame();
  }

  /**
   * What is not stored yet, and what an earlier page has left behind. Loaded while there is a network: who needs it has none.
   * A page that brings its own client sees to that itself.
   */
  async #keepOutbox(room: RoomHandle): Promise<void> {
    const { identity } = this.#selection ?? {};
    if (identity === undefined) return;
    const { keep } = await import('../outbox/keep.ts');
    if (this.#client && room === this.room) this.#subscriptions.push(keep(this.#client.value, room, identity.url));
  }

  #onTimeline(messages: readonly Message[]): void {
    if (this.#isJoined) this.#listener.onTimeline(messages);
    this.#host.requestFrame();
  }

  #onDiscontinuity(): void {
    this.#history = 'idle';
    this.#readUpTo = 0;
    this.#listener.onReset();
    this.#host.requestFrame();
  }
}
