// What every store of files promises: see relay/src/files/blob-store.ts.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { BlobStore } from '../../relay/src/files/blob-store.ts';
import { collect } from '../../relay/src/files/blob-store.ts';
import { Gate } from '../support/gate.ts';

/** So many bytes, in pieces. */
async function* pieces(bytes: number, pieceBytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes; at += pieceBytes) yield contentAt(at, Math.min(pieceBytes, bytes - at));
}

function contentAt(at: number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => (at + i) % 251));
}

const text = (value: string): AsyncIterable<Uint8Array> =>
  (async function* () {
    yield Buffer.from(value);
  })();

const put = (store: BlobStore, key: string, value: string): Promise<void> =>
  store.put(key, Buffer.byteLength(value), text(value));

const get = async (store: BlobStore, key: string): Promise<string | undefined> => {
  const bytes = await store.get(key);
  return bytes && Buffer.from(bytes).toString();
};

/** `open` gives an empty store; calls of one test may be many. */
export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name} keeps files`, () => {
    test('what was put is there, whole and by ranges', async () => {
      const store = await open();
      const bytes = 1_000_000;
      await store.put('files/a/one', bytes, pieces(bytes));
      const back = await collect(store.read('files/a/one', 0, bytes - 1));
      expect(createHash('sha256').update(back).digest('hex')).toBe(
        createHash('sha256').update(contentAt(0, bytes)).digest('hex'),
      );
      expect((await collect(store.read('files/a/one', 500_000, 500_009))).equals(contentAt(500_000, 10))).toBe(true);
      expect((await collect(store.read('files/a/one', bytes - 1, bytes - 1))).length).toBe(1);
    });

    test('an empty one is there too; what was never put is not', async () => {
      const store = await open();
      await store.put('unused/empty', 0, text(''));
      expect(await get(store, 'unused/empty')).toBe('');
      expect(await get(store, 'unused/none')).toBeUndefined();
      expect(await get(store, 'none/at/all')).toBeUndefined();
    });

    test('a second put takes the place of the first', async () => {
      const store = await open();
      await put(store, 'records/a/one', 'first');
      await put(store, 'records/a/one', 'second');
      expect(await get(store, 'records/a/one')).toBe('second');
    });

    test('what is removed is gone; what is not there may be removed', async () => {
      const store = await open();
      await put(store, 'records/a/one', 'x');
      await store.remove('records/a/one');
      await store.remove('records/a/one');
      await store.remove('none/at/all');
      expect(await get(store, 'records/a/one')).toBeUndefined();
      expect(await store.list('records/', 10)).toEqual([]);
    });

    test('keys are listed in their order, below a prefix, so many', async () => {
      const store = await open();
      for (const key of ['b/2/x', 'a/1', 'b/10/y', 'b/2/a', 'ba/1', 'c']) await put(store, key, 'x');
      expect(await store.list('b/', 10)).toEqual(['b/10/y', 'b/2/a', 'b/2/x']);
      expect(await store.list('b/', 2)).toEqual(['b/10/y', 'b/2/a']);
      expect(await store.list('d/', 2)).toEqual([]);
    });

    test('a body that fails leaves what was there, and is told with its own error', async () => {
      const store = await open();
      await put(store, 'files/a/one', 'before');
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from('half');
        throw new TypeError('the peer has gone');
      };
      await expect(store.put('files/a/one', 8, broken())).rejects.toThrow(new TypeError('the peer has gone'));
      await expect(store.put('files/a/two', 8, broken())).rejects.toThrow('the peer has gone');
      expect(await get(store, 'files/a/one')).toBe('before');
      expect(await get(store, 'files/a/two')).toBeUndefined();
      expect(await store.list('files/', 10)).toEqual(['files/a/one']);
    });

    test('nobody sees half of one', async () => {
      const store = await open();
      const gate = new Gate();
      const slowly = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from('half');
        gate.enter();
        await gate.opened;
        yield Buffer.from(' and half');
      };
      const storing = store.put('files/a/one', 13, slowly());
      await gate.entered;
      expect(await get(store, 'files/a/one')).toBeUndefined();
      expect(await store.list('files/', 10)).toEqual([]);
      gate.open();
      await storing;
      expect(await get(store, 'files/a/one')).toBe('half and half');
    });

    test('reading what is not there fails; a reader may stop early', async () => {
      const store = await open();
      await expect(collect(store.read('files/a/none', 0, 9))).rejects.toThrow();
      await store.put('files/a/one', 1_000_000, pieces(1_000_000));
      for await (const piece of store.read('files/a/one', 0, 999_999)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      await store.remove('files/a/one');
    });

    test('many at a time do not get into each other', async () => {
      const store = await open();
      const keys = Array.from({ length: 20 }, (_, i) => `files/a/${String(i).padStart(2, '0')}`);
      await Promise.all(keys.map((key) => put(store, key, key)));
      expect(await Promise.all(keys.map((key) => get(store, key)))).toEqual(keys);
      expect(await store.list('files/', 100)).toEqual(keys);
    });
  });
}
