/** Code that is loaded when it is first needed, once for all who need it. */
export class Lazy<T> {
  /** Undefined until it is loaded. */
  value: T | undefined;
  /** True while it is on its way. */
  isPending = false;
  readonly #load: () => Promise<T>;
  readonly #onSettled: (isLoaded: boolean) => void;
  #loading: Promise<T | undefined> | undefined;

  /** `onSettled` hears that it is there now, or can't be had. */
  constructor(load: () => Promise<T>, onSettled: (isLoaded: boolean) => void) {
    this.#load = load;
    this.#onSettled = onSettled;
  }

  /** Resolves when nothing of it is on its way any more. */
  get settled(): Promise<unknown> {
    return Promise.resolve(this.#loading);
  }

  /** Resolves with undefined where it can't be had; the next call tries again. */
  get(): Promise<T | undefined> {
    this.#loading ??= this.#run();
    return this.#loading;
  }

  async #run(): Promise<T | undefined> {
    this.isPending = true;
    try {
      this.value = await this.#load();
    } catch {
      this.#loading = undefined;
    }
    this.isPending = false;
    this.#onSettled(this.value !== undefined);
    return this.value;
  }
}
