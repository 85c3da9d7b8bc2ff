// Files in a bucket of anything that speaks S3: by path, so that services without a name for each bucket do, signed with
// version 4. A body is not hashed, since it is sent as it comes; its length is, and TLS keeps it whole on the way.

import { AwsV4Signer } from 'aws4fetch';
import { type BlobStore, BlobStoreError, collect } from './blob-store.ts';

export interface S3Options {
  /** As in `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Before each key; '' or a path that ends with a slash. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Request {
  readonly method: 'PUT' | 'GET' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** A service that neither takes nor gives anything for so long is given up. */
const IDLE_TIMEOUT_MS = 30_000;
const MAX_LIST_BYTES = 2 * 1024 * 1024;
const MAX_FAULT_BYTES = 4_096;

export class S3BlobStore implements BlobStore {
  readonly address: string;
  readonly #options: S3Options;
  readonly #idleTimeoutMs: number;

  constructor(options: S3Options, idleTimeoutMs: number = IDLE_TIMEOUT_MS) {
    this.address = `s3://${options.bucket}/${options.prefix} at ${new URL(options.endpoint).host}`;
    this.#options = options;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  async put(key: string, bytes: number, body: AsyncIterable<Uint8Array>): Promise<void> {
    const headers = { 'content-length': String(bytes), 'content-type': 'application/octet-stream' };
    const request = { method: 'PUT', url: this.#urlOf(key), headers } as const;
    // fetch waits for ever for the pieces of a body that has none.
    if (bytes === 0) await collect(body);
    const response = await this.#ask(bytes === 0 ? request : { ...request, body });
    await drained(response);
    if (!response.ok) throw this.#refusal('take a file', response.status);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const response = await this.#ask({ method: 'GET', url: this.#urlOf(key) });
    if (response.status === 404) {
      await drained(response);
      return undefined;
    }
    return collect(this.#bodyOf(response, 200));
  }

  async *read(key: string, start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
    const headers = { range: `bytes=${start}-${end}` };
    const response = await this.#ask({ method: 'GET', url: this.#urlOf(key), headers });
    yield* this.#bodyOf(response, 206);
  }

  async remove(key: string): Promise<void> {
    const response = await this.#ask({ method: 'DELETE', url: this.#urlOf(key) });
    await drained(response);
    if (!response.ok && response.status !== 404) throw this.#refusal('remove a file', response.status);
  }

  async list(prefix: string, limit: number): Promise<readonly string[]> {
    const own = this.#options.prefix;
    const query = new URLSearchParams({ 'list-type': '2', 'max-keys': String(limit), prefix: own + prefix });
    const { endpoint, bucket } = this.#options;
    const response = await this.#ask({ method: 'GET', url: `${endpoint}/${bucket}?${query}` });
    const text = (await collect(bounded(this.#bodyOf(response, 200), MAX_LIST_BYTES))).toString();
    // Our keys hold nothing that XML has another spelling for.
    return [...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key.slice(own.length));
  }

  #urlOf(key: string): string {
    const { endpoint, bucket, prefix } = this.#options;
    return `${endpoint}/${bucket}/${prefix}${key}`;
  }

  async *#bodyOf(response: Response, status: 200 | 206): AsyncGenerator<Uint8Array, void, void> {
    if (response.status !== status || !response.body) {
      await drained(response);
      throw this.#refusal('give a file', response.status);
    }
    yield* response.body;
  }

  /** Rejects with what the body rejects with, where that was why. */
  async #ask({ method, url, headers = {}, body }: Request): Promise<Response> {
    const { accessKeyId, secretAccessKey, region } = this.#options;
    const signer = new AwsV4Signer({ method, url, headers: { ...headers }, service: 's3', region, accessKeyId, secretAccessKey });
    const signed = await signer.sign();
    const watched = new Watch(this.#idleTimeoutMs, body);
    try {
      const init = { method, headers: signed.headers, redirect: 'manual', signal: watched.signal } as const;
      // `duplex` is demanded for a body that comes; the types do not know it.
      return await fetch(signed.url, body ? ({ ...init, body: watched.body, duplex: 'half' } as RequestInit) : init);
    } catch (error) {
      if (watched.fault) throw watched.fault.error;
      const message = `The file store ${this.address} can't be reached: ${reasonOf(error)}.`;
      throw new BlobStoreError('storage_unavailable', message, { cause: error });
    } finally {
      watched.end();
    }
  }

  #refusal(what: string, status: number): BlobStoreError {
    const isFull = status === 507 || status === 413;
    const message = `The file store ${this.address} would not ${what}: it answered ${status}.`;
    return new BlobStoreError(isFull ? 'storage_full' : 'storage_unavailable', message);
  }
}

/** Ends a request in which nothing moves, and remembers what its body failed with. */
class Watch {
  readonly #controller = new AbortController();
  readonly #idleTimeoutMs: number;
  readonly #source: AsyncIterable<Uint8Array> | undefined;
  #timer: NodeJS.Timeout | undefined;
  fault: { readonly error: unknown } | undefined;

  constructor(idleTimeoutMs: number, source: AsyncIterable<Uint8Array> | undefined) {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#source = source;
    this.#restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get body(): AsyncIterable<Uint8Array> {
    return this.#pass();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  async *#pass(): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const chunk of this.#source ?? []) {
        this.#restart();
        yield chunk;
      }
    } catch (error) {
      this.fault = { error };
      throw error;
    }
  }

  #restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(new Error('nothing moved for too long')), this.#idleTimeoutMs);
  }
}

/** Reads what is left of an answer that nobody wants, so that its connection can be used again. */
async function drained({ body }: Response): Promise<void> {
  if (body) await collect(bounded(body, MAX_FAULT_BYTES)).catch(() => undefined);
}

async function* bounded(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array, void, void> {
  let left = maxBytes;
  for await (const chunk of body) {
    left -= chunk.length;
    if (left < 0) throw new RangeError(`the answer has more than ${maxBytes} bytes`);
    yield chunk;
  }
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
