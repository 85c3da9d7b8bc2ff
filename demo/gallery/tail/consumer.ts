// The consumer of tail -f: lines of the files of one folder, as fast as their reader takes them and no faster.
//
// The folder is GALLERY_TAIL_DIR; without it, one with logs that the relay writes itself while somebody watches. Names come from a
// page and are trusted with nothing: see log-folder.ts. However many read a file, it is read once (log-follower.ts).
//
// The reader acknowledges what it has shown. At most WINDOW frames are on their way, and the latest 10,000 lines wait; where older
// ones had to make room, a mark says how many. So a slow reader sees gaps, never an old log, and costs a bounded piece of memory.
//
// Each relay process reads the files of its own machine. The demo's logs are made up from the clock, so that all processes write
// the same lines.
import type { Connection, Route } from '@chat-room/relay';
import { Consumer, route } from '@chat-room/relay';
import { DemoLog } from './consumer/demo-log.ts';
import { LogFolder, NotInFolderError } from './consumer/log-folder.ts';
import { WatchedFolder } from './consumer/watched-folder.ts';
import { linesIn, Waiting } from './waiting.ts';
import type { Entry, Frame, ListedFile } from './wire.ts';
import { decodeRequest, MAX_FRAME_CHARS } from './wire.ts';

const WINDOW = 4;
const MAX_FRAME_LINES = 2_000;
/** A page follows another file as often as somebody can click. */
const MAX_FOLLOWS_PER_S = 10;

class TailConsumer extends Consumer {
  readonly #folder: WatchedFolder;
  readonly #waiting = new Waiting({ maxEntries: 10_000, maxChars: 1_024 * 1_024 });
  #file = '';
  #isFirst = true;
  #listed = '';
  #sentFrames = 0;
  #seenFrames = 0;
  #follows = { second: 0, count: 0 };
  #reading: Promise<() => void> | undefined;
  #unfollow: (() => void) | undefined;

  constructor(connection: Connection, folder: WatchedFolder) {
    super(connection);
    this.#folder = folder;
  }

  override connect(): void {
    this.#reading = this.#folder.read((files) => this.#tellFiles(files)); // the upgrade does not wait for a file system
  }

  override async receive(data: string | Uint8Array): Promise<void> {
    const request = decodeRequest(data);
    if (!request || (request.type === 'follow' && this.#isTooFast())) {
      this.close(4500, 'bad_request'); // no page of ours says that, and another would say it again
    } else if (request.type === 'follow') await this.#follow(request.file);
    else {
      this.#seenFrames = Math.min(Math.max(this.#seenFrames, request.frames), this.#sentFrames);
      this.#flush();
    }
  }

  override async disconnect(): Promise<void> {
    this.#unfollow?.();
    (await this.#reading)?.();
  }

  #isTooFast(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (this.#follows.second !== second) this.#follows = { second, count: 0 };
    this.#follows.count += 1;
    return this.#follows.count > MAX_FOLLOWS_PER_S;
  }

  #tellFiles(files: readonly ListedFile[]): void {
    const frame = JSON.stringify({ type: 'files', files } satisfies Frame);
    if (frame === this.#listed || this.bufferedBytes > 0) return;
    if (this.send(frame) !== 'dropped') this.#listed = frame;
  }

  async #follow(file: string): Promise<void> {
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#waiting.clear();
    this.#file = file;
    this.#isFirst = true;
    try {
      this.#unfollow = await this.#folder.follow(file, (entries) => {
        this.#waiting.add(entries);
        this.#flush();
      });
    } catch (error) {
      if (!(error instanceof NotInFolderError)) throw error;
      this.close(4501, error.message);
    }
  }

  /** Sends what waits, if the reader is ready for it. Else the next lines ask again, or the acknowledgement that is due. */
  #flush(): void {
    while (this.#isReady && (!this.#waiting.isEmpty || this.#isFirst)) {
      const entries: readonly Entry[] = this.#waiting.take(MAX_FRAME_LINES, MAX_FRAME_CHARS);
      const frame = { type: 'lines', file: this.#file, isFirst: this.#isFirst, entries } satisfies Frame;
      if (this.send(JSON.stringify(frame)) === 'dropped') {
        this.#waiting.skip(linesIn(entries));
        return;
      }
      this.#isFirst = false;
      this.#sentFrames += 1;
    }
  }

  /** Who acknowledges what they have not read is found out by what waits in the socket's buffer. */
  get #isReady(): boolean {
    return this.phase === 'open' && this.#sentFrames - this.#seenFrames < WINDOW && this.bufferedBytes === 0;
  }
}

/** The route of tail -f, for the files of a folder. */
export function tailRoutesOf(folder: WatchedFolder): readonly Route[] {
  return [route('/ws/gallery/tail', (connection) => new TailConsumer(connection as Connection, folder))];
}

function folderOfEnvironment(): WatchedFolder {
  const path = process.env['GALLERY_TAIL_DIR'];
  if (path) return new WatchedFolder(new LogFolder(() => path));
  const demo: DemoLog = new DemoLog((name) => folder.isFollowed(name));
  const folder: WatchedFolder = new WatchedFolder(new LogFolder(() => demo.path), demo);
  return folder;
}

export const tailRoutes: readonly Route[] = tailRoutesOf(folderOfEnvironment());
