// What all rooms of a client share: the connection, the requests over it, and what waits to be answered.

import type { DriverHooks } from './connection/driver.ts';
import { CONNECT_ID, Driver } from './connection/driver.ts';
import type { Answer, OnAnswer, Request } from './connection/requests.ts';
import { assertFits } from './connection/requests.ts';
import type { Emitter } from './emitter.ts';
import type { Environment } from './environment.ts';
import { ChatError, toChatError } from './errors.ts';
import type { IdentityKeeper } from './identity.ts';
import type { Kept, Reply } from './outbox.ts';
import { Outbox } from './outbox.ts';
import type { ClientFrame, FrameOf, Member, ServerFrame } from './protocol/index.ts';
import type { RoomHost, RoomPort } from './room/host.ts';
import type { ClientEvents, StatusChange } from './types.ts';
import { withoutType } from './without-type.ts';

/** A reply that is later than this makes the connection suspect. */
const REPLY_TIMEOUT_MS = 10_000;

interface Pending {
  readonly onAnswer: OnAnswer;
  readonly askedAt: number;
}

const disconnected = new ChatError('disconnected', 'retry');

export class Core implements RoomHost, DriverHooks {
  readonly environment: Environment;
  readonly identity: IdentityKeeper;
  readonly #driver: Driver;
  readonly #outbox: Outbox;
  /** By id: a Map keeps the order in which they were asked. */
  readonly #pending = new Map<number, Pending>();
  #lastId = CONNECT_ID;
  #timer: unknown;
  readonly #ports = new Map<string, RoomPort>();
  readonly #emitter: Emitter<ClientEvents>;
  /** Changed by the core alone. */
  member: Member | undefined;
  ended: ChatError | undefined;

  constructor(url: string, environment: Environment, identity: IdentityKeeper, emitter: Emitter<ClientEvents>) {
    this.environment = environment;
    this.identity = identity;
    this.#emitter = emitter;
    this.#driver = new Driver(url, this);
    this.#outbox = new Outbox(this, environment.clock);
  }

  get isUp(): boolean {
    return this.#driver.isUp;
  }

  /** What the status is, and why. */
  get change(): StatusChange {
    return this.#driver.change;
  }

  /** Connects now, also where that was refused, but not after `close`. */
  connect(): void {
    if (this.ended?.code === 'closed') throw this.ended;
    this.ended = undefined;
    this.#driver.connect();
  }

  close(): void {
    this.#driver.close();
    this.#end(new ChatError('closed'), 'left');
  }

  start(): void {
    if (this.change.status === 'idle') this.#driver.connect();
  }

  attach(room: string, port: RoomPort): void {
    this.#ports.set(room, port);
  }

  ask(request: Request, onAnswer: OnAnswer): void {
    const id = ++this.#lastId;
    this.#pending.set(id, { onAnswer, askedAt: this.environment.clock.now() });
    if (this.#driver.write({ ...request, id } as ClientFrame)) this.#watch();
    else this.#answer(id, disconnected);
  }

  async request(request: Kept, signal?: AbortSignal): Promise<Reply> {
    if (this.ended) throw this.ended;
    this.start();
    return this.#outbox.add(request, signal);
  }

  tell(frame: ClientFrame): void {
    assertFits(frame);
    this.#driver.write(frame);
  }

  up({ resume, member }: FrameOf<ServerFrame, 'connected'>): void {
    this.identity.keep(resume);
    this.member = member;
    for (const port of this.#ports.values()) port.connected();
    this.#outbox.up();
  }

  down(): void {
    this.environment.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    for (const id of [...this.#pending.keys()]) this.#answer(id, disconnected);
    for (const port of this.#ports.values()) port.lost();
  }

  frame(frame: ServerFrame): void {
    if ('id' in frame) this.#answer(frame.id, frame.type === 'error' ? toChatError(frame) : frame);
    else if ('room' in frame) this.#ports.get(frame.room)?.receive(frame);
    else if (frame.type === 'expiring') void this.#refresh();
    else if (frame.type === 'direct') this.#emitter.emit('direct', withoutType(frame));
  }

  status(change: StatusChange): void {
    if (change.status === 'closed' && change.error) this.#end(change.error, 'denied');
    this.#emitter.emit('status', change);
  }

  /** Where it fails the relay ends the connection in time, and the next one has another token. */
  async #refresh(): Promise<void> {
    const token = await this.identity.renew().catch(() => undefined);
    if (token !== undefined) this.ask({ type: 'refresh', token }, () => undefined);
  }

  #answer(id: number | undefined = 0, answer: Answer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.onAnswer(answer);
  }

  /** Looks now and then at the request that waits longest. */
  #watch(): void {
    const { clock } = this.environment;
    this.#timer ??= clock.setTimer(() => {
      this.#timer = undefined;
      const [oldest] = this.#pending.values();
      if (oldest === undefined) return;
      const waitedMs = clock.now() - oldest.askedAt;
      if (waitedMs >= REPLY_TIMEOUT_MS) this.#driver.suspect(waitedMs >= 2 * REPLY_TIMEOUT_MS);
      if (this.#pending.size > 0) this.#watch();
    }, REPLY_TIMEOUT_MS);
  }

  #end(error: ChatError, state: 'left' | 'denied'): void {
    if (this.ended?.code === 'closed') return;
    this.ended = error;
    for (const port of this.#ports.values()) port.end(error, state);
    this.#outbox.end(error);
  }
}
