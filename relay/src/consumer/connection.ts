// One connection: what stands between its socket, its channel and its consumer. It hands the consumer one thing at a time,
// holds back what comes meanwhile up to a bound, and sees to it that an exception ends this connection and nothing else.

import type { Member } from '@chat-room/sdk/protocol';
import { CLOSE_CODES, EXPIRY_NOTICE_MS } from '@chat-room/sdk/protocol';
import type { RelaySocket, SendResult } from '../adapter/adapter.ts';
import { readBearer } from '../auth/credentials.ts';
import type { Authentication, Authenticator, Identity } from '../auth/identity.ts';
import type { ChannelLayer, Receiver } from '../layer/channel-layer.ts';
import type { Layer, LayerMessage, SendOutcome } from '../layer/layer.ts';
import { CHANNEL_CAPACITY } from '../layer/layer.ts';
import { after } from './after.ts';
import { isCloseCode } from './close-code.ts';
import type { Admission, ConnectRequest, Consumer, DrainNotice } from './consumer.ts';
import type { Route } from './route.ts';

/** Data of a client that may wait while its consumer is busy; a client that sends more is closed with 4005. */
const MAX_WAITING_FRAMES = 256;
const MAX_WAITING_BYTES = 1024 * 1024;

/** `connecting`: its consumer has yet to let it in, or its socket to open. */
export type Phase = 'connecting' | 'open' | 'closed';

/** What a client sends to say who it is. */
export interface Credentials {
  readonly token?: string;
  readonly resume?: string;
  readonly name?: string;
}

/** What all connections of a relay share. */
export interface ConnectionServices {
  readonly layer: ChannelLayer;
  readonly authenticate: Authenticator;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A consumer failed: logged with its route and channel. */
  readonly onFault: (error: unknown, route: string, channel: string) => void;
  /** A layer message found no handler, or no room in the queue. */
  readonly onDropped: (why: 'unhandled' | 'full', route: string, type: string) => void;
  /** `checkExpiry` is to be called now and then, until it says false. */
  readonly watchExpiry: (connection: Connection) => void;
}

type Work =
  | { readonly kind: 'data'; readonly data: string | Uint8Array }
  | { readonly kind: 'message'; readonly message: LayerMessage }
  | { readonly kind: 'lagged' }
  | { readonly kind: 'draining'; readonly notice: DrainNotice }
  | { readonly kind: 'expiring'; readonly inMs: number }
  | { readonly kind: 'disconnect'; readonly code: number };

interface Early {
  readonly sent: (string | Uint8Array)[];
  readonly topics: Set<string>;
  end?: { readonly code: number; readonly reason: string };
}

type LayerHandler = (message: LayerMessage) => Promise<void> | void;

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

export class Connection<Params = unknown> implements Receiver {
  readonly params: Params;
  readonly channel: string;
  readonly route: Route;
  groups: Set<string> | undefined;
  readonly #services: ConnectionServices;
  readonly #consumer: Consumer;
  #identity: Identity | undefined;
  /** When to tell that the identity ends; Infinity once that is told, or where it does not end. */
  #noticeAt = Number.POSITIVE_INFINITY;
  /** The request it came with, until it has said who it is. */
  #request: ConnectRequest | undefined;
  #socket: RelaySocket<Connection> | undefined;
  /** What was asked of the socket before it was open. */
  #early: Early | undefined;
  #phase: Phase = 'connecting';
  #isBusy = false;
  #isGapped = false;
  #waiting: Work[] = NOTHING;
  #waitingBytes = 0;

  constructor(route: Route, params: Params, request: ConnectRequest, services: ConnectionServices) {
    this.route = route;
    this.params = params;
    this.#request = request;
    this.#services = services;
    this.channel = services.layer.newChannel();
    this.#consumer = route.create(this as Connection);
  }

  // --- what the relay tells it --------------------------------------------------------------------------------------

  /** Asks its consumer whether it is let in. Throws, or rejects with, what the consumer does. */
  admit(identity: Identity | undefined): Admission | Promise<Admission> {
    if (identity) this.#identify(identity);
    this.#services.layer.add(this);
    return after(this.#consumer.connect(this.#request ?? NO_REQUEST), (admission) => admission ?? { accept: true });
  }

  opened(socket: RelaySocket<Connection>): void {
    this.#socket = socket;
    this.#phase = 'open';
    if (this.#identity) this.#request = undefined;
    this.#services.layer.opened(this);
    const early = this.#early;
    if (!early) return;
    this.#early = undefined;
    for (const topic of early.topics) socket.subscribe(topic);
    for (const data of early.sent) socket.send(data);
    if (early.end) socket.end(early.end.code, early.end.reason);
  }

  data(data: string | Uint8Array): void {
    if (this.#isBusy) {
      this.#hold({ kind: 'data', data });
      return;
    }
    try {
      this.#settle(this.#consumer.receive(data));
    } catch (error) {
      this.#fault(error);
    }
  }

  /** Something published to it was dropped: its reader is too slow. */
  dropped(): void {
    this.#isGapped = true;
  }

  /** Something that `sendSoon` took may not have gone out. */
  lost(): void {
    this.end(CLOSE_CODES.slow_reader, 'slow_reader');
  }

  /** Its buffer has run empty again. */
  drained(): void {
    if (!this.#isGapped) return;
    this.#isGapped = false;
    this.#run({ kind: 'lagged' });
  }

  drain(notice: DrainNotice): void {
    this.#run({ kind: 'draining', notice });
  }

  /** The socket is gone, or never came: the consumer is told once it is done with what it does. */
  closed(code: number): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#socket = undefined;
    this.#early = undefined;
    this.#services.layer.remove(this);
    this.#waiting = NOTHING; // nobody is there to be answered
    this.#run({ kind: 'disconnect', code });
  }

  /** Tells of the end of the identity, and ends the connection when it has come. False where nothing is left to watch. */
  checkExpiry(now: number): boolean {
    const expiresAt = this.#identity?.expiresAt;
    if (expiresAt === undefined || this.#phase === 'closed') return false;
    if (now >= expiresAt) {
      this.end(CLOSE_CODES.token_expired, 'token_expired');
      return false;
    }
    if (now >= this.#noticeAt) {
      this.#noticeAt = Number.POSITIVE_INFINITY;
      this.#run({ kind: 'expiring', inMs: expiresAt - now });
    }
    return true;
  }

  /** True while its consumer is at work. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  // --- what the layer asks of it ------------------------------------------------------------------------------------

  get member(): Member | undefined {
    return this.#identity?.member;
  }

  /** True where what groups send goes to its socket without a look at it. */
  get takesNatively(): boolean {
    return this.#phase === 'open' && this.#handlerOf('send') === undefined;
  }

  deliver(message: LayerMessage): SendOutcome {
    if (this.#phase === 'closed') return 'gone';
    const handler = this.#handlerOf(message.type);
    if (!handler) return this.#deliverUnhandled(message);
    if (this.#isBusy && this.#waiting.length >= CHANNEL_CAPACITY) {
      this.#services.onDropped('full', this.route.path, message.type);
      return 'full';
    }
    this.#run({ kind: 'message', message });
    return 'delivered';
  }

  subscribe(topic: string): void {
    if (this.#phase === 'connecting') this.#beforeOpen().topics.add(topic);
    else this.#socket?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#early?.topics.delete(topic);
    this.#socket?.unsubscribe(topic);
  }

  end(code: number, reason: string): void {
    if (this.#phase === 'connecting') this.#beforeOpen().end ??= { code, reason };
    else this.#socket?.end(code, reason);
  }

  // --- what its consumer asks of it -----------------------------------------------------------------------------------

  get layer(): Layer {
    return this.#services.layer;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedBytes ?? 0;
  }

  get identity(): Identity {
    if (!this.#identity) throw new Error(`The connection ${this.channel} has not said who it is.`);
    return this.#identity;
  }

  send(data: string | Uint8Array): SendResult {
    if (this.#socket) return this.#socket.send(data);
    if (this.#phase === 'closed') return 'dropped';
    const { sent } = this.#beforeOpen();
    if (sent.length >= CHANNEL_CAPACITY) return 'dropped';
    sent.push(data);
    return 'buffered';
  }

  sendSoon(text: string): SendResult {
    return this.#socket ? this.#socket.sendSoon(text) : this.send(text);
  }

  async authenticate(credentials: Credentials): Promise<Authentication> {
    const { path, query, headers, remoteAddress } = this.#request ?? NO_REQUEST;
    const bearer = readBearer(headers);
    if (bearer.outcome === 'refused') return bearer;
    const token = bearer.outcome === 'found' && { token: bearer.token };
    const request = { route: this.route.path, path, query, headers, remoteAddress, ...token, ...credentials };
    const authentication = await this.#services.authenticate(request);
    if (authentication.outcome !== 'identified' || this.#phase === 'closed') return authentication;
    const { identity } = authentication;
    if (this.#identity && this.#identity.member.id !== identity.member.id) {
      return { outcome: 'refused', refusal: { code: 'unauthorized', message: 'The token speaks for another member.' } };
    }
    this.#identify(identity);
    return authentication;
  }

  // --- inside ---------------------------------------------------------------------------------------------------------

  #beforeOpen(): Early {
    this.#early ??= { sent: [], topics: new Set() };
    return this.#early;
  }

  #identify(identity: Identity): void {
    this.#identity = identity;
    if (this.#phase === 'open') this.#request = undefined;
    if (identity.expiresAt === undefined) return;
    const leftMs = identity.expiresAt - this.#services.now();
    this.#noticeAt = identity.expiresAt - Math.min(EXPIRY_NOTICE_MS, leftMs / 2);
    this.#services.watchExpiry(this as Connection);
  }

  #handlerOf(type: string): LayerHandler | undefined {
    const name = `on${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    const handler = (this.#consumer as unknown as Readonly<Record<string, unknown>>)[name];
    return typeof handler === 'function' ? (handler as LayerHandler) : undefined;
  }

  #deliverUnhandled(message: LayerMessage): SendOutcome {
    const native = readNative(message as LayerMessage & Readonly<Record<string, unknown>>);
    if (native?.kind === 'close') this.end(native.code, native.reason);
    else if (native) return this.send(native.data) === 'dropped' ? 'full' : 'delivered';
    else this.#services.onDropped('unhandled', this.route.path, message.type);
    return 'delivered';
  }

  #hold(work: Work): void {
    if (work.kind === 'data') {
      this.#waitingBytes += work.data.length;
      if (this.#waiting.length >= MAX_WAITING_FRAMES || this.#waitingBytes > MAX_WAITING_BYTES) {
        this.end(CLOSE_CODES.overloaded, 'overloaded');
        return;
      }
    }
    if (this.#waiting === NOTHING) this.#waiting = [];
    this.#waiting.push(work);
  }

  #run(work: Work): void {
    if (this.#isBusy) {
      this.#hold(work);
      return;
    }
    try {
      this.#settle(this.#perform(work));
    } catch (error) {
      this.#fault(error);
    }
  }

  #perform(work: Work): Promise<void> | void {
    const consumer = this.#consumer;
    switch (work.kind) {
      case 'data':
        return consumer.receive(work.data);
      case 'message':
        return this.#handlerOf(work.message.type)?.call(consumer, work.message);
      case 'lagged':
        return consumer.lagged();
      case 'draining':
        return consumer.draining(work.notice);
      case 'expiring':
        return consumer.expiring(work.inMs);
      case 'disconnect':
        return consumer.disconnect(work.code);
    }
  }

  /** Until a piece of work is done, what comes waits. */
  #settle(done: Promise<void> | void): void {
    if (done === undefined) return;
    this.#isBusy = true;
    done.then(
      () => this.#next(),
      (error: unknown) => {
        this.#fault(error);
        this.#next();
      },
    );
  }

  #next(): void {
    this.#isBusy = false;
    while (!this.#isBusy) {
      const work = this.#waiting.shift();
      if (!work) break;
      if (work.kind === 'data') this.#waitingBytes -= work.data.length;
      this.#run(work);
    }
    if (this.#waiting.length === 0) this.#waiting = NOTHING;
  }

  #fault(error: unknown): void {
    this.#services.onFault(error, this.route.path, this.channel);
    this.end(CLOSE_CODES.internal, 'internal');
  }
}

/** Shared by all that have nothing waiting; never written to. */
const NOTHING: Work[] = [];
const NO_REQUEST: ConnectRequest = { path: '', query: '', headers: NO_HEADERS, remoteAddress: '' };

type Native =
  | { readonly kind: 'data'; readonly data: string | Uint8Array }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** What the layer's own message types ask for; undefined where a message is none of them. */
function readNative({ type, ...fields }: LayerMessage & Readonly<Record<string, unknown>>): Native | undefined {
  if (type === 'send' && typeof fields['text'] === 'string') return { kind: 'data', data: fields['text'] };
  if (type === 'send' && typeof fields['base64'] === 'string')
    return { kind: 'data', data: Buffer.from(fields['base64'], 'base64') };
  if (type !== 'close') return undefined;
  const { code = 1000, reason = '' } = fields;
  return isCloseCode(code) && typeof reason === 'string' ? { kind: 'close', code, reason } : undefined;
}
