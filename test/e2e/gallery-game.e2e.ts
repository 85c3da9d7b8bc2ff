// The game as people meet it: two pages in one arena, the keyboard, a restart, a reload; and fifty players on raw sockets.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Snapshot, Text } from '../../demo/gallery/game/wire.ts';
import { decodeSnapshot, encodeInput } from '../../demo/gallery/game/wire.ts';
import type { Body } from '../../demo/gallery/game/world.ts';
import { ARENA, PLAYER_RADIUS } from '../../demo/gallery/game/world.ts';
import { Condition } from '../support/condition.ts';
import type { GalleryLook } from '../support/gallery.ts';
import { axeFaults, expectScreen, lookAt, openGallery } from '../support/gallery.ts';

const PATH = '/gallery/game/';

const stage = openGallery();

async function open(): Promise<Page> {
  const visitor = await stage.visit(PATH);
  await visitor.page.locator('#scores .you').waitFor();
  return visitor.page;
}

/** A player without a page, that sees what the relay sends. */
class RawPlayer {
  readonly #socket: WebSocket;
  readonly #condition = new Condition();
  #latest: Snapshot | undefined;
  #you: Extract<Text, { type: 'you' }> | undefined;

  constructor(arena: string) {
    this.#socket = new WebSocket(`${stage.gallery.url.replace('http', 'ws')}/ws/gallery/game/${arena}`);
    this.#socket.binaryType = 'arraybuffer'; // of binary frames; texts are Buffers
    this.#socket.on('open', () => this.#socket.send(''));
    this.#socket.on('message', (data, isBinary) => {
      if (isBinary && data instanceof ArrayBuffer) this.#latest = decodeSnapshot(data);
      if (!isBinary) {
        const text = JSON.parse(String(data)) as Text;
        if (text.type === 'you') this.#you = text;
      }
      this.#condition.changed();
    });
  }

  /** Resolves with the first snapshot that is as wanted. */
  seen(is: (snapshot: Snapshot, you: number) => boolean): Promise<Snapshot> {
    return this.#condition.until(() => {
      const { id } = this.#you ?? {};
      return this.#latest && id !== undefined && is(this.#latest, id) ? this.#latest : undefined;
    });
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  close(): void {
    this.#socket.close();
  }
}

/** The scores' rows, once there are so many. */
const rows = (page: Page, count: number) => page.locator(`#scores li:nth-child(${count}):last-child`);

describe('the game', () => {
  test('two pages are in one arena, and bots make it four', async () => {
    const [ada, bob] = [await open(), await open()];
    await Promise.all([rows(ada, 4).waitFor(), rows(bob, 4).waitFor()]);
    const others = async (page: Page): Promise<number> => page.locator('#scores li', { hasText: '(bot)' }).count();
    expect([await others(ada), await others(bob)]).toEqual([2, 2]);
  });

  test('goes on after a restart, in the same page', async () => {
    const page = await open();
    await page.evaluate(() => {
      document.title = 'not loaded again';
    });
    await stage.gallery.restart(() => page.locator('#connection[data-state="reconnecting"]').waitFor());
    await page.locator('#connection[data-state="live"]').waitFor();
    await page.locator('#scores .you').waitFor();
    expect(await page.title()).toBe('not loaded again');
  });

  test('is played without a pointer, and others see it', async () => {
    const page = await open();
    const witness = new RawPlayer('arena');
    await page.keyboard.down('ArrowLeft');
    await page.keyboard.down('w');
    await page.keyboard.press('Space');
    await witness.seen(({ players }) => players.some(({ body }) => body.x === PLAYER_RADIUS && body.y === PLAYER_RADIUS));
    await page.keyboard.up('ArrowLeft');
    await page.keyboard.up('w');
    witness.close();
  });

  test('is played with a thumb: a drag moves, a tap dashes, and the player stays in view', async () => {
    const context = await stage.browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true });
    const page = await context.newPage();
    await page.goto(`${stage.gallery.url}${PATH}`);
    await page.locator('#scores .you').waitFor();
    const witness = new RawPlayer('arena');
    const arena = (await page.locator('#arena').boundingBox()) ?? expect.fail('no arena');
    expect(arena.height, 'it is higher than wide').toBeGreaterThan(arena.width);
    const x = arena.x + arena.width / 2;
    const y = arena.y + arena.height / 2;
    const inCorner = (body: Body): boolean => body.x === ARENA.width - PLAYER_RADIUS && body.y === ARENA.height - PLAYER_RADIUS;
    const thumb = await context.newCDPSession(page);
    await thumb.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await thumb.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + 80, y: y + 80 }] });
    await witness.seen(({ players }) => players.some(({ body }) => inCorner(body)));
    await thumb.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.touchscreen.tap(x, y);
    await witness.seen(({ players }) => players.some(({ body }) => inCorner(body) && body.dash > 0));
    expect(await page.evaluate(() => scrollY), 'the page does not move along').toBe(0);
    witness.close();
    await context.close();
  });

  test('fifty players are in one arena, and each is moved by what it says and by nothing else', async () => {
    const players = Array.from({ length: 50 }, () => new RawPlayer('fifty'));
    await Promise.all(players.map((player) => player.seen((snapshot) => snapshot.players.length === 50)));
    await Promise.all(
      players.map(async (player) => {
        for (let sequence = 1; sequence <= 4; sequence++) player.send(encodeInput({ sequence, x: 127, y: 0, dashes: false }));
        await player.seen((snapshot, you) => snapshot.players.some(({ id, sequence }) => id === you && sequence === 4));
      }),
    );
    const [one, two] = players;
    one?.close();
    await two?.seen((snapshot) => snapshot.players.filter(({ isAway }) => isAway).length === 1);
    const late = new RawPlayer('fifty');
    await late.seen((snapshot) => snapshot.players.length === 51 && snapshot.gems.length > 0);
    for (const player of [...players, late]) player.close();
  });
});

describe('how it looks', () => {
  test.each<GalleryLook>(['light', 'dark', 'narrow'])('%s', async (look) => {
    const page = await lookAt(stage.browser, `${stage.gallery.url}${PATH}`, look);
    await rows(page, 4).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await expectScreen(page, `game-${look}`, ['#arena', '#scores']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.context().close();
  });
});
