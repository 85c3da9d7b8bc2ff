import type { Credentials } from './connection/driver.ts';
import type { KeyValueStorage, User } from './types.ts';

/** Who one is: a guest, who may have a name, or whom a token names. */
export type Identity =
  | { readonly user?: User; readonly token?: undefined; readonly getToken?: undefined }
  | { readonly token: string; readonly user?: undefined; readonly getToken?: undefined }
  /** Asked before each attempt to connect, and when a token is about to end. Reject with a ChatError of action `fix` to give up. */
  | { readonly getToken: () => string | Promise<string>; readonly user?: undefined; readonly token?: undefined };

/** Keeps a guest the same member over reconnects, and over reloads where there is a storage. */
export class IdentityKeeper {
  readonly #identity: Identity;
  readonly #storage: KeyValueStorage | undefined;
  readonly #storageKey: string;
  #resume: string | undefined;

  constructor(identity: Identity, storage: KeyValueStorage | undefined, url: string) {
    this.#identity = identity;
    this.#storage = storage;
    this.#storageKey = `chat-room:${url}`;
    this.#resume = this.#load();
  }

  /** True where another token may be had. */
  get isRenewable(): boolean {
    return this.#identity.token === undefined;
  }

  /** What a guest wants to be called. */
  get name(): string {
    return this.#identity.user?.name ?? '';
  }

  /** Another token, where one may be had. */
  async renew(): Promise<string | undefined> {
    return this.#identity.getToken?.();
  }

  async credentials(): Promise<Credentials> {
    const { user, token = await this.renew() } = this.#identity;
    return token === undefined ? { user, resume: this.#resume } : { token };
  }

  /** What `connected` gave for the next time. */
  keep(resume: string | undefined): void {
    if (resume === undefined) return;
    this.#resume = resume;
    try {
      this.#storage?.setItem(this.#storageKey, resume);
    } catch {
      // A full or forbidden storage: the guest is a new member after a reload, and nothing else is lost.
    }
  }

  #load(): string | undefined {
    try {
      return this.#storage?.getItem(this.#storageKey) ?? undefined;
    } catch {
      return undefined;
    }
  }
}
