import type { DriverHooks } from './connection/driver.ts';
import { Driver } from './connection/driver.ts';
import type { OnReply, Request } from './connection/requests.ts';
import { localError, Requests } from './connection/requests.ts';
import { Emitter } from './emitter.ts';
import type { Environment } from './environment.ts';
import { platform } from './environment.ts';
import { ChatError, toChatError } from './errors.ts';
import type { Identity } from './identity.ts';
import { IdentityKeeper } from './identity.ts';
import type { Publish } from './outbox.ts';
import { Outbox } from './outbox.ts';
import type { ErrorReply, FrameOf, Member, Reply, ServerFrame } from './protocol/index.ts';
import { toRoomName } from './protocol/index.ts';
import type { RoomHost, RoomPort } from './room/host.ts';
import { Room } from './room/room.ts';
import type { ClientEvents, KeyValueStorage, Status, StatusChange } from './types.ts';

/** `user` for a guest, or `token`, or `getToken`: one of them at most. */
export type ChatClientOptions = Identity & {
  /** The relay's WebSocket, as in `wss://chat.example.com/ws`. */
  readonly url: string;
  /** Where a guest's identity is kept over reloads: `localStorage`, say. Default: nowhere. */
  readonly storage?: KeyValueStorage;
  /** Aborting it closes the client. */
  readonly signal?: AbortSignal;
  /** Replaces parts of the platform: for tests, and for unusual platforms. */
  readonly environment?: Partial<Environment>;
};

/** One connection to a relay, and the rooms that share it. It connects when first needed, and comes back by itself. */
export class ChatClient {
  readonly #environment: Environment;
  readonly #identity: IdentityKeeper;
  readonly #name: string;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #driver: Driver;
  readonly #requests: Requests;
  readonly #outbox: Outbox;
  readonly #rooms = new Map<string, Room>();
  readonly #ports = new Map<string, RoomPort>();
  /** What waits for a connection: called with the error instead, where none will come. */
  #waiting: ((error?: ErrorReply) => void)[] = [];
  #member: Member | undefined;
  #ended: ErrorReply | undefined;

  constructor({ url, storage, signal, environment, ...identity }: ChatClientOptions) {
    this.#environment = { ...platform(), ...environment };
    const { clock } = this.#environment;
    this.#identity = new IdentityKeeper(identity, storage, url);
    this.#name = identity.user?.name ?? '';
    this.#driver = new Driver(url, this.#environment, this.#hooks());
    this.#requests = new Requests(
      (text) => this.#driver.write(text),
      (overdueAgain) => this.#driver.suspect(overdueAgain),
      clock,
    );
    this.#outbox = new Outbox(
      (request, onReply) => this.#requests.ask(request, onReply),
      () => this.#driver.isUp,
      clock,
    );
    if (signal?.aborted) void this.close();
    signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  get status(): Status {
    return this.#driver.status.status;
  }

  /** Whom this client speaks for. Absent before the first connection. */
  get member(): Member | undefined {
    return this.#member;
  }

  /** Calls `listener` at each change. Returns a function that ends it. */
  on<T extends keyof ClientEvents>(type: T, listener: (value: ClientEvents[T]) => void): () => void {
    return this.#emitter.on(type, listener);
  }

  /** Connects now, without waiting for the next attempt. Resolves once online, rejects where the relay refuses for good. */
  connect(): Promise<void> {
    if (this.#ended?.code === 'closed') return Promise.reject(toChatError(this.#ended));
    this.#ended = undefined;
    this.#driver.connect();
    return new Promise((resolve, reject) => {
      this.#whenUp((error) => (error ? reject(toChatError(error)) : resolve()));
    });
  }

  /** The room of that name: the same name gives the same object. Throws `bad_room` where it is no name. */
  room(name: string): Room {
    const valid = toRoomName(name);
    if (valid === undefined) throw new ChatError('bad_room', 'fix', `Not a valid room name: ${JSON.stringify(name)}`);
    const room = this.#rooms.get(valid) ?? new Room(this.#host(), valid);
    this.#rooms.set(valid, room);
    return room;
  }

  /** Ends the client for good. What was not stored by then is rejected with `closed`. */
  async close(): Promise<void> {
    this.#driver.close();
    this.#end(localError('closed', 'fix', 'The client was closed.'), 'left');
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
      status: (change) => this.#onStatus(change),
    };
  }

  #onStatus(change: StatusChange): void {
    const { status, error } = change;
    if (status === 'closed' && error) this.#end(localError(error.code, 'fix', error.message), 'denied');
    this.#emitter.emit('status', change);
  }

  #receive(frame: ServerFrame): void {
    if ('id' in frame) this.#requests.settle(frame);
    else if ('room' in frame) this.#ports.get(frame.room)?.receive(frame);
  }

  #whenUp(resume: (error?: ErrorReply) => void): void {
    if (this.#ended) resume(this.#ended);
    else if (this.#driver.isUp) resume();
    else this.#waiting.push(resume);
  }

  #end(error: ErrorReply, state: 'left' | 'denied'): void {
    if (this.#ended?.code === 'closed') return;
    this.#ended = error;
    for (const port of this.#ports.values()) port.end(toChatError(error), state);
    this.#outbox.end(error);
    for (const resume of this.#waiting.splice(0)) resume(error);
  }

  /** Rooms need a connection: one is opened, unless that is under way, waits its time, or has been refused. */
  #start(): void {
    if (this.status === 'idle') this.#driver.connect();
  }

  #request<T extends Reply['type']>(request: Request, replyType: T, signal?: AbortSignal): Promise<FrameOf<Reply, T>> {
    this.#start();
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      const onReply = (reply: Reply): void => {
        if (reply.type === replyType) resolve(reply as FrameOf<Reply, T>);
        else if (reply.type !== 'error') reject(new ChatError('internal', 'retry', `Not an answer: ${reply.type}`));
        else if (reply.code === 'disconnected') this.#whenUp(attempt);
        else reject(toChatError(reply));
      };
      const attempt = (error?: ErrorReply): void => {
        if (error) reject(toChatError(error));
        else if (!signal?.aborted) this.#requests.ask(request, onReply);
      };
      this.#whenUp(attempt);
    });
  }

  #publish(publish: Publish, onSettled: OnReply): () => void {
    this.#start();
    if (!this.#ended) return this.#outbox.add(publish, onSettled);
    onSettled(this.#ended);
    return () => undefined;
  }

  #host(): RoomHost {
    const client = this;
    return {
      environment: this.#environment,
      name: this.#name,
      get member() {
        return client.#member;
      },
      get isUp() {
        return client.#driver.isUp;
      },
      get ended() {
        return client.#ended;
      },
      start: () => this.#start(),
      attach: (name, port) => void this.#ports.set(name, port),
      ask: (request, onReply) => this.#requests.ask(request, onReply),
      tell: (frame) => this.#requests.tell(frame),
      request: (request, replyType, signal) => this.#request(request, replyType, signal),
      publish: (publish, onSettled) => this.#publish(publish, onSettled),
    };
  }
}
