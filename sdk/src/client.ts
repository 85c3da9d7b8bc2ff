import { Core } from './core.ts';
import { Emitter } from './emitter.ts';
import type { Environment } from './environment.ts';
import { platform } from './environment.ts';
import type { Identity } from './identity.ts';
import { IdentityKeeper } from './identity.ts';
import type { Member } from './protocol/index.ts';
import { Room } from './room/room.ts';
import type { ClientEvents, KeyValueStorage, Status } from './types.ts';

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
  readonly #core: Core;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #rooms = new Map<string, Room>();

  constructor({ url, storage, signal, environment, ...identity }: ChatClientOptions) {
    const keeper = new IdentityKeeper(identity, storage, url);
    this.#core = new Core(url, { ...platform(), ...environment }, keeper, this.#emitter);
    signal?.addEventListener('abort', () => this.#core.close(), { once: true });
    if (signal?.aborted) this.#core.close();
  }

  get status(): Status {
    return this.#core.change.status;
  }

  /** Whom this client speaks for. Absent before the first connection. */
  get member(): Member | undefined {
    return this.#core.member;
  }

  /** Calls `listener` at each change. Returns a function that ends it. */
  on<T extends keyof ClientEvents>(type: T, listener: (value: ClientEvents[T]) => void): () => void {
    return this.#emitter.on(type, listener);
  }

  /** Connects now, without waiting for the next attempt. Resolves once the relay answers, rejects where it refuses for good. */
  async connect(): Promise<void> {
    this.#core.connect();
    await this.#core.request({ type: 'ping' });
  }

  /** The room of that name: the same name gives the same object. Where it is no name, joining and sending reject with `bad_room`. */
  room(name: string): Room {
    const tidy = name.normalize('NFC').trim();
    const room = this.#rooms.get(tidy) ?? new Room(this.#core, tidy);
    this.#rooms.set(tidy, room);
    return room;
  }

  /** Ends the client for good. What is not stored by then is rejected with `closed`. */
  async close(): Promise<void> {
    this.#core.close();
  }
}
