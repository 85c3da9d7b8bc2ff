// How long files live, with a clock in the test's hand, and what is left when a relay dies in between.

import { beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../../../relay/src/files/blob-store.ts';
import { bodyOf, collect } from '../../../relay/src/files/blob-store.ts';
import { newFileId } from '../../../relay/src/files/file-id.ts';
import { FileLibrary, type FileRecord } from '../../../relay/src/files/file-library.ts';
import { MemoryBlobStore } from '../../../relay/src/files/memory-blob-store.ts';

const START = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MESSAGE = { room: 'lobby', epoch: 'e', offset: 7 };

let store: MemoryBlobStore;
let library: FileLibrary;
beforeEach(() => {
  store = new MemoryBlobStore();
  library = new FileLibrary(store, Number.POSITIVE_INFINITY);
});

/** Everything that is in the store. */
async function keys(): Promise<readonly string[]> {
  const prefixes = ['files/', 'messages/', 'records/', 'unused/', 'used/'];
  return (await Promise.all(prefixes.map((prefix) => store.list(prefix, 1_000)))).flat();
}

function recordOf(id: string): FileRecord {
  return {
    ...{ id, name: 'notes.txt', mediaType: 'text/plain', disposition: 'attachment', bytes: 5 },
    ...{ room: 'lobby', member: 'ada' },
  };
}

async function put(now = START, into = library): Promise<string> {
  const id = newFileId(now);
  await into.put(id, 5, bodyOf('hello'), () => recordOf(id));
  return id;
}

const content = async (id: string): Promise<string> => (await collect(library.read(id, 0, 4))).toString();

describe('a file', () => {
  test('[UPL9] that no message refers to goes after a day, and not before', async () => {
    const [early, late] = [await put(START), await put(START + HOUR_MS)];
    expect(await library.sweep(START + DAY_MS)).toBe(0);
    expect(await library.record(early)).toEqual(recordOf(early));
    expect(await library.sweep(START + DAY_MS + 1)).toBe(1);
    expect(await library.record(early)).toBeUndefined();
    expect(await content(late)).toBe('hello');
    expect(await library.sweep(START + 2 * DAY_MS)).toBe(1);
    expect(await keys()).toEqual([]);
  });

  test('[UPL9] that a message refers to stays, and goes with that message', async () => {
    const [one, two, other] = [await put(), await put(), await put()];
    await library.use(MESSAGE, 'ada', [one, two]);
    await library.use({ ...MESSAGE, offset: 8 }, 'ada', [other]);
    await library.sweep(START + 100 * DAY_MS);
    expect(await library.removeOf({ ...MESSAGE, offset: 9 })).toBe(0);
    expect(await library.removeOf({ ...MESSAGE, epoch: 'another life' })).toBe(0);
    expect(await library.removeOf(MESSAGE)).toBe(2);
    expect([await library.record(one), await library.record(two)]).toEqual([undefined, undefined]);
    expect(await content(other)).toBe('hello');
    expect(await library.removeOf({ ...MESSAGE, offset: 8 })).toBe(1);
    expect(await keys()).toEqual([]);
  });

  test.each([
    ['of somebody else', MESSAGE, 'eve'],
    ['in another room', { ...MESSAGE, room: 'elsewhere' }, 'ada'],
  ])('[UPL9] is neither kept nor taken along by a message %s', async (_, message, member) => {
    const id = await put();
    await library.use(message, member, [id]);
    expect(await library.removeOf(message)).toBe(0);
    expect(await content(id)).toBe('hello');
    expect(await library.sweep(START + DAY_MS + 1)).toBe(1);
  });

  test('[UPL9] belongs to the first message: a second one that refers to it does not take it along', async () => {
    const id = await put();
    await library.use(MESSAGE, 'ada', [id]);
    await library.use({ ...MESSAGE, offset: 8 }, 'ada', [id]);
    expect(await library.removeOf({ ...MESSAGE, offset: 8 })).toBe(0);
    expect(await content(id)).toBe('hello');
  });

  test('a file that is not there is used by nobody', async () => {
    await library.use(MESSAGE, 'ada', [newFileId(START)]);
    expect(await keys()).toEqual([]);
  });

  test('goes with messages that are kept for so long only', async () => {
    library = new FileLibrary(store, 30 * DAY_MS);
    const id = await put();
    await library.use(MESSAGE, 'ada', [id]);
    expect(await library.sweep(START + 31 * DAY_MS)).toBe(0);
    expect(await library.sweep(START + 31 * DAY_MS + 1)).toBe(1);
    expect(await keys()).toEqual([]);
  });

  test('one sweep removes a hundred at the most, the oldest first, and the next goes on', async () => {
    for (let i = 0; i < 150; i++) await put(START + i);
    const last = await put(START + 200);
    expect(await library.sweep(START + 2 * DAY_MS)).toBe(100);
    expect(await library.record(last)).toBeDefined();
    expect(await library.sweep(START + 2 * DAY_MS)).toBe(51);
    expect(await keys()).toEqual([]);
  });

  test('a body that fails leaves nothing', async () => {
    const id = newFileId(START);
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('he');
      throw new Error('the peer has gone');
    };
    await expect(library.put(id, 5, broken(), () => recordOf(id))).rejects.toThrow('the peer has gone');
    expect(await keys()).toEqual([]);
  });
});

/** A store that dies with its relay after so many changes: nothing is done any more, and nothing cleaned up. */
function dyingAfter(changes: number): BlobStore {
  let left = changes;
  const die = (): void => {
    if (left-- <= 0) throw new Error('killed');
  };
  return {
    address: 'a relay that dies',
    put: async (...args) => {
      die();
      await store.put(...args);
    },
    remove: async (key) => {
      die();
      await store.remove(key);
    },
    get: (key) => store.get(key),
    read: (...args) => store.read(...args),
    list: (...args) => store.list(...args),
  };
}

describe.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('a relay that dies after %i changes', (changes) => {
  const dying = (): FileLibrary => new FileLibrary(dyingAfter(changes), Number.POSITIVE_INFINITY);

  test('[UPL9] while it stores a file leaves nothing that the sweep does not find', async () => {
    await put(START, dying()).catch(() => undefined);
    await library.sweep(START + DAY_MS + 1);
    expect(await keys()).toEqual([]);
  });

  test('[UPL9] while a message takes its files lets the repeated publish finish that', async () => {
    const [one, two] = [await put(), await put()];
    await dying()
      .use(MESSAGE, 'ada', [one, two])
      .catch(() => undefined);
    await library.use(MESSAGE, 'ada', [one, two]);
    await library.sweep(START + DAY_MS + 1);
    expect([await content(one), await content(two)]).toEqual(['hello', 'hello']);
    await library.removeOf(MESSAGE);
    expect(await keys()).toEqual([]);
  });

  test('[UPL9] while a message takes its files keeps a file whole or lets it go whole', async () => {
    const id = await put();
    await dying()
      .use(MESSAGE, 'ada', [id])
      .catch(() => undefined);
    await library.sweep(START + DAY_MS + 1);
    const isKept = (await library.record(id)) !== undefined;
    expect((await keys()).filter((key) => key.startsWith('files/'))).toHaveLength(isKept ? 1 : 0);
    await library.removeOf(MESSAGE);
    expect(await keys()).toEqual([]);
  });

  test('[UPL9] while a message and its files go lets the repeated deletion finish that', async () => {
    const [one, two] = [await put(), await put()];
    await library.use(MESSAGE, 'ada', [one, two]);
    await dying()
      .removeOf(MESSAGE)
      .catch(() => undefined);
    await library.removeOf(MESSAGE);
    expect(await keys()).toEqual([]);
  });

  test('while it sweeps lets the next one finish that', async () => {
    await put();
    await dying()
      .sweep(START + DAY_MS + 1)
      .catch(() => undefined);
    await library.sweep(START + DAY_MS + 1);
    expect(await keys()).toEqual([]);
  });
});
