import { type BlobStore, BlobStoreError, collect } from './blob-store.ts';

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** Keeps files as long as the process lives, up to so many bytes; then it is full. */
export class MemoryBlobStore implements BlobStore {
  readonly address = 'memory';
  readonly #maxBytes: number;
  readonly #blobs = new Map<string, Buffer>();
  #bytes = 0;

  constructor(maxBytes: number = DEFAULT_MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  async put(key: string, bytes: number, body: AsyncIterable<Uint8Array>): Promise<void> {
    this.#reserve(bytes);
    try {
      const blob = await collect(body);
      await this.remove(key);
      this.#blobs.set(key, blob);
    } catch (error) {
      this.#bytes -= bytes;
      throw error;
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#blobs.get(key);
  }

  async *read(key: string, start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
    const blob = this.#blobs.get(key);
    if (!blob) throw new BlobStoreError('storage_unavailable', `There is nothing under ${key}.`);
    yield blob.subarray(start, end + 1);
  }

  async remove(key: string): Promise<void> {
    this.#bytes -= this.#blobs.get(key)?.length ?? 0;
    this.#blobs.delete(key);
  }

  async list(prefix: string, limit: number): Promise<readonly string[]> {
    const keys = [...this.#blobs.keys()].filter((key) => key.startsWith(prefix));
    return keys.sort().slice(0, limit);
  }

  /** Taken before the body comes: two that come at a time must not both find room for one. */
  #reserve(bytes: number): void {
    if (this.#bytes + bytes > this.#maxBytes)
      throw new BlobStoreError('storage_full', `Files in memory may come to ${this.#maxBytes} bytes, and would pass them.`);
    this.#bytes += bytes;
  }
}
