// Where bytes are kept: in a directory, in memory, or in an S3-compatible service. Everything that is a promise about files is
// above it, in `file-library.ts`, once for all stores; test/contract/file-store.contract.ts holds each store to this page.

/** Keys are paths of letters, digits, `-` and `_` in segments between slashes: they are made by us, never by a stranger. */
export interface BlobStore {
  /** Where it is, for the log. Holds no secret. */
  readonly address: string;
  /**
   * Keeps what `body` brings, which is `bytes` long, in the place of what was under the key. Resolves once it would survive the
   * end of the process. All or nothing: where it rejects, or the process ends, what was there before is there still. Rejects
   * with a BlobStoreError, or with what `body` rejects with.
   */
  put(key: string, bytes: number, body: AsyncIterable<Uint8Array>): Promise<void>;
  /** All of a small one; undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** The bytes from `start` to `end`, both included, at the pace of whoever reads. Rejects where there is none. */
  read(key: string, start: number, end: number): AsyncIterable<Uint8Array>;
  /** Removes what is under the key, if anything is. */
  remove(key: string): Promise<void>;
  /** Keys that begin with `prefix`, which ends with a slash, in ascending order, `limit` at the most. */
  list(prefix: string, limit: number): Promise<readonly string[]>;
  /** Removes what a process that was killed left half-written, where there can be such. `now` is milliseconds since 1970. */
  removeUnfinished?(now: number): Promise<void>;
}

/** The store can't do it. `message` is one sentence for the operator. */
export class BlobStoreError extends Error {
  readonly code: 'storage_full' | 'storage_unavailable' | 'storage_unusable';
  constructor(code: BlobStoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BlobStoreError';
    this.code = code;
  }
}

/** A body that is in memory already. */
export async function* bodyOf(text: string): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(text);
}

/** All of a body. For what is known to be small. */
export async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
