// What all rooms of a client share: the connection, the requests over it, and what waits to be stored.

import type { DriverHooks } from './connection/driver.ts';
import { Driver } from './connection/driver.ts';
import type { OnAnswer, Request } from './connection/requests.ts';
import { Requests } from './connection/requests.ts';
import type { Environment } from './environment.ts';
import { ChatError } from './errors.ts';
import type { IdentityKeeper } from './identity.ts';
import type { Publish } from './outbox.ts';
import { Outbox } from './outbox.ts';
import type { ClientFrame, Member, ServerFrame } from './protocol/index.ts';
import type { HistoryReply, HistoryRequest, RoomHost, RoomPort } from './room/host.ts';
import type { StatusChange } from './types.ts';

export class Core implements RoomHost {
  readonly environment: Environment;
  readonly name: string;
  readonly #identity: IdentityKeeper;
  readonly #driver: Driver;
  readonly #requests: Requests;
  readonly #outbox: Outbox;
  readonly #ports = new Map<string, RoomPort>();
  readonly #onStatus: (change: StatusChange) => void;
  /** What waits for a connection: called with the error instead, where none will come. */
  #waiting: ((error?: ChatError) => void)[] = [];
  #member: Member | undefined;
  #ended: ChatError | undefined;

  constructor(url: string, environment: Environment, identity: IdentityKeeper, onStatus: (change: StatusChange) => void) {
    const { clock } = environment;
    this.environment = environment;
    this.name = identity.name;
    this.#identity = identity;
    this.#onStatus = onStatus;
    this.#driver = new Driver(url, environment, this.#hooks());
    this.#requests = new Requests(this.#driver, clock);
    this.#outbox = new Outbox(this, clock);
  }

  get member(): Member | undefined {
    return this.#member;
  }

  get isUp(): boolean {
    return this.#driver.isUp;
  }

  get ended(): ChatError | undefined {
    return this.#ended;
  }

  get status(): StatusChange {
    return this.#driver.status;
  }

  /** Connects now, also where that was refused, but not after `close`. */
  connect(): Promise<void> {
    if (this.#ended?.code !== 'closed') {
      this.#ended = undefined;
      this.#driver.connect();
    }
    return new Promise((resolve, reject) => {
      this.#whenUp((error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    this.#driver.close();
    this.#end(new ChatError('closed', 'fix', 'The client was closed.'), 'left');
  }

  start(): void {
    if (this.status.status === 'idle') this.#driver.connect();
  }

  attach(room: string, port: RoomPort): void {
    this.#ports.set(room, port);
  }

  ask(request: Request, onAnswer: OnAnswer): void {
    this.#requests.ask(request, onAnswer);
  }

  tell(frame: ClientFrame): ChatError | undefined {
    return this.#requests.tell(frame);
  }

  readHistory(request: HistoryRequest, signal?: AbortSignal): Promise<HistoryReply> {
    this.start();
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      const attempt = (error?: ChatError): void => {
        if (error) reject(error);
        else if (!signal?.aborted) this.ask(request, onAnswer);
      };
      const onAnswer: OnAnswer = (answer) => {
        if (answer instanceof ChatError) {
          if (answer.code === 'disconnected') this.#whenUp(attempt);
          else reject(answer);
        } else if (answer.type === 'history') resolve(answer);
      };
      this.#whenUp(attempt);
    });
  }

  publish(publish: Publish, onSettled: OnAnswer): () => void {
    this.start();
    if (!this.#ended) return this.#outbox.add(publish, onSettled);
    onSettled(this.#ended);
    return () => undefined;
  }

  #hooks(): DriverHooks {
    return {
      credentials: () => this.#identity.credentials(),
      isRenewable: () => this.#identity.isRenewable,
      up: (frame) => {
        this.#identity.keep(frame.resume);
        this.#member = frame.member;
        for (const port of this.#ports.values()) port.connected();
        this.#outbox.up();
        for (const resume of this.#waiting.splice(0)) resume();
      },
      down: () => {
        this.#requests.abandon();
        for (const port of this.#ports.values()) port.lost();
      },
      frame: (frame) => this.#receive(frame),
      status: (change) => {
        if (change.status === 'closed' && change.error) this.#end(change.error, 'denied');
        this.#onStatus(change);
      },
    };
  }

  #receive(frame: ServerFrame): void {
    if ('id' in frame) this.#requests.settle(frame);
    else if ('room' in frame) this.#ports.get(frame.room)?.receive(frame);
  }

  #whenUp(resume: (error?: ChatError) => void): void {
    if (this.#ended || this.isUp) resume(this.#ended);
    else this.#waiting.push(resume);
  }

  #end(error: ChatError, state: 'left' | 'denied'): void {
    if (this.#ended?.code === 'closed') return;
    this.#ended = error;
    for (const port of this.#ports.values()) port.end(error, state);
    this.#outbox.end(error);
    for (const resume of this.#waiting.splice(0)) resume(error);
  }
}
