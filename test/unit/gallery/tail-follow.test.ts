// Following real files: rotation, truncation, files that come later; and names that lead out of the folder.
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestRelay } from '@chat-room/relay/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogFolder, NotInFolderError } from '../../../demo/gallery/tail/consumer/log-folder.ts';
import { LogFollower } from '../../../demo/gallery/tail/consumer/log-follower.ts';
import { WatchedFolder } from '../../../demo/gallery/tail/consumer/watched-folder.ts';
import { tailRoutesOf } from '../../../demo/gallery/tail/consumer.ts';
import { linesIn } from '../../../demo/gallery/tail/waiting.ts';
import type { Entry, Frame } from '../../../demo/gallery/tail/wire.ts';
import { temporaryDir } from '../../support/relay-fixture.ts';

let root: string;
let dir: string;
let log: string;

beforeEach(() => {
  root = temporaryDir();
  dir = join(root, 'logs');
  mkdirSync(dir);
  log = join(dir, 'a.log');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folder = (): LogFolder => new LogFolder(() => dir);

async function followed() {
  const follower = new LogFollower(folder(), 'a.log');
  const seen: Entry[] = [];
  const unfollow = await follower.follow((entries) => seen.push(...entries));
  return { follower, seen, unfollow };
}

describe('a file that is followed', () => {
  test('begins with its last thousand lines', async () => {
    writeFileSync(log, Array.from({ length: 3_000 }, (_, i) => `${i}\n`).join(''));
    const { seen, unfollow } = await followed();
    expect([seen.length, seen[0], seen.at(-1)]).toEqual([1_000, '2000', '2999']);
    unfollow();
  });

  test('is read to its end when it is renamed, and its successor from the start', async () => {
    writeFileSync(log, 'one\n');
    const { follower, seen, unfollow } = await followed();
    appendFileSync(log, 'two\nlast');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'three\n');
    await follower.look();
    await follower.look();
    expect(seen).toEqual(['one', 'two', 'last', { mark: 'rotated' }, 'three']);
    unfollow();
  });

  test('is read from the start when it is truncated', async () => {
    writeFileSync(log, 'one\ntwo\n');
    const { follower, seen, unfollow } = await followed();
    truncateSync(log, 0);
    await follower.look();
    appendFileSync(log, 'new\n');
    await follower.look();
    expect(seen).toEqual(['one', 'two', { mark: 'truncated' }, 'new']);
    unfollow();
  });

  test('may be missing, and come', async () => {
    const { follower, seen, unfollow } = await followed();
    await follower.look();
    writeFileSync(log, 'here\n');
    await follower.look();
    await follower.look();
    expect(seen).toEqual([{ mark: 'missing' }, 'here']);
    unfollow();
  });

  test('that grows faster than it can be read is jumped through, and says so', async () => {
    writeFileSync(log, 'one\n');
    const { follower, seen, unfollow } = await followed();
    appendFileSync(log, `${'x'.repeat(99)}\n`.repeat(100_000));
    appendFileSync(log, 'end\n');
    await follower.look();
    await follower.look();
    expect(seen[1]).toMatchObject({ mark: 'jumped' });
    expect(seen[2]).toBe('x'.repeat(99));
    expect(seen.at(-1)).toBe('end');
    unfollow();
  });
});

describe('names', () => {
  test('never lead out of the folder', async () => {
    writeFileSync(join(root, 'secret'), 'secret\n');
    writeFileSync(log, 'a\n');
    symlinkSync(join(root, 'secret'), join(dir, 'link'));
    symlinkSync(root, join(dir, 'up'));
    symlinkSync(log, join(dir, 'inside'));
    mkdirSync(join(dir, 'sub'));
    for (const name of [
      '../secret',
      '/etc/passwd',
      'link',
      'up',
      'up/secret',
      'sub',
      '.',
      '..',
      '',
      'a.log\0',
      'a\\b',
      './a.log',
    ]) {
      await expect(folder().open(name), name).rejects.toThrow(NotInFolderError);
    }
    const inside = await folder().open('inside');
    expect(await inside.readFile('utf8')).toBe('a\n');
    await inside.close();
    expect((await folder().list()).map(({ name }) => name)).toEqual(['a.log', 'inside']);
  });

  test('whatever they are made of, open nothing but what is listed', async () => {
    writeFileSync(log, 'a\n');
    writeFileSync(join(root, 'secret'), 'secret\n');
    const part = fc.constantFrom('..', '.', '/', '\\', 'secret', 'a.log', '\0', 'logs', '%2e', '~', 'etc');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const name = parts.join('');
        const text = await folder()
          .open(name)
          .then(async (handle) => ({ text: await handle.readFile('utf8'), closed: await handle.close() }).text)
          .catch(() => '');
        expect(text).toBe(name === 'a.log' ? 'a\n' : '');
      }),
      { numRuns: 300 },
    );
  });
});

function entriesOf(frame: Frame): readonly Entry[] {
  return frame.type === 'lines' ? frame.entries : [];
}

describe('its consumer', () => {
  async function open() {
    const watched = new WatchedFolder(folder());
    const relay = new TestRelay({ routes: tailRoutesOf(watched) });
    const connect = async () => {
      const reader = await relay.connect('/ws/gallery/tail');
      const next = async (): Promise<Frame> => JSON.parse(String(await reader.receive())) as Frame;
      const ask = (request: object): Promise<void> => reader.send(JSON.stringify(request));
      return { reader, next, ask };
    };
    return { watched, relay, connect };
  }

  test('reads a file once for all, and none for nobody', async () => {
    writeFileSync(log, 'one\n');
    const { watched, connect } = await open();
    const [ada, bob] = [await connect(), await connect()];
    for (const { next, ask } of [ada, bob]) {
      expect(await next()).toEqual({ type: 'files', files: [{ name: 'a.log', bytes: 4 }] });
      await ask({ type: 'follow', file: 'a.log' });
      expect(await next()).toEqual({ type: 'lines', file: 'a.log', isFirst: true, entries: ['one'] });
    }
    expect(watched.openFiles).toBe(1);
    appendFileSync(log, 'two\n');
    for (const { next } of [ada, bob]) expect(await next()).toMatchObject({ isFirst: false, entries: ['two'] });
    await ada.reader.disconnect();
    expect(watched.openFiles).toBe(1);
    await bob.reader.disconnect();
    expect(watched.openFiles).toBe(0);
  });

  test('ends the connection of who asks for a file elsewhere', async () => {
    const { connect } = await open();
    const { reader, next, ask } = await connect();
    await next();
    await ask({ type: 'follow', file: '../secret' });
    expect(await reader.closed).toBe(4501);
  });

  test('sends who acknowledges nothing four frames, and later the latest with a gap', async () => {
    writeFileSync(log, '0\n');
    const { connect } = await open();
    const { next, ask } = await connect();
    await next();
    await ask({ type: 'follow', file: 'a.log' });
    await next();
    appendFileSync(log, Array.from({ length: 40_000 }, (_, i) => `${i + 1}\n`).join(''));
    const got: Entry[] = ['0'];
    for (let i = 0; i < 3; i++) got.push(...entriesOf(await next()));
    appendFileSync(log, 'end\n');
    await ask({ type: 'ack', frames: 4 });
    for (let frames = 4; got.at(-1) !== 'end'; ) {
      got.push(...entriesOf(await next()));
      frames += 1;
      await ask({ type: 'ack', frames });
    }
    expect(got.filter((entry) => typeof entry === 'object')).toEqual([{ mark: 'skipped', lines: expect.any(Number) }]);
    expect(got.slice(-2)).toEqual(['40000', 'end']);
    expect(linesIn(got)).toBe(40_002);
  });
});
