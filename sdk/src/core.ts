// What all rooms of a client share: the connection, the requests over it, and what waits to be answered.

import type { DriverHooks } from './connection/driver.ts';
import { Driver } from './connection/driver.ts';
import type { OnAnswer, Request } from './connection/requests.ts';
import { Requests } from './connection/requests.ts';
import type { Environment } from './environment.ts';
import { ChatError } from './errors.ts';
import type { IdentityKeeper } from './identity.ts';
import type { Kept, Reply } from './outbox.ts';
import { Outbox } from './outbox.ts';
import type { ClientFrame, FrameOf, Member, ServerFrame } from './protocol/index.ts';
import type { RoomHost, RoomPort } from './room/host.ts';
import type { StatusChange } from './types.ts';

export class Core implements RoomHost, DriverHooks {
  readonly environment: Environment;
  readonly identity: IdentityKeeper;
  readonly #driver: Driver;
  readonly #requests: Requests;
  readonly #outbox: Outbox;
  readonly #ports = new Map<string, RoomPort>();
  readonly #onStatus: (change: StatusChange) => void;
  /** Changed by the core alone. */
  member: Member | undefined;
  ended: ChatError | undefined;

  constructor(url: string, environment: Environment, identity: IdentityKeeper, onStatus: (change: StatusChange) => void) {
    this.environment = environment;
    this.identity = identity;
    this.#onStatus = onStatus;
    this.#driver = new Driver(url, this);
    this.#requests = new Requests(this.#driver, environment.clock);
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
    this.#end(new ChatError('closed', 'fix'), 'left');
  }

  start(): void {
    if (this.change.status === 'idle') this.#driver.connect();
  }

  attach(room: string, port: RoomPort): void {
    this.#ports.set(room, port);
  }

  ask(request: Request, onAnswer: OnAnswer): void {
    this.#requests.ask(request, onAnswer);
  }

  async request(request: Kept, signal?: AbortSignal): Promise<Reply> {
    if (this.ended) throw this.ended;
    this.start();
    return this.#outbox.add(request, signal);
  }

  tell(frame: ClientFrame): void {
    this.#requests.tell(frame);
  }

  up({ resume, member }: FrameOf<ServerFrame, 'connected'>): void {
    this.identity.keep(resume);
    this.member = member;
    for (const port of this.#ports.values()) port.connected();
    this.#outbox.up();
  }

  down(): void {
    this.#requests.abandon();
    for (const port of this.#ports.values()) port.lost();
  }

  frame(frame: ServerFrame): void {
    if ('id' in frame) this.#requests.settle(frame);
    else if ('room' in frame) this.#ports.get(frame.room)?.receive(frame);
  }

  status(change: StatusChange): void {
    if (change.status === 'closed' && change.error) this.#end(change.error, 'denied');
    this.#onStatus(change);
  }

  #end(error: ChatError, state: 'left' | 'denied'): void {
    if (this.ended?.code === 'closed') return;
    this.ended = error;
    for (const port of this.#ports.values()) port.end(error, state);
    this.#outbox.end(error);
  }
}
