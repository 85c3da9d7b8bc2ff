// A crowd on a bad network: everybody loses the connection for some seconds, again and again, while somebody talks. Lean
// clients of the protocol on raw sockets: so many of the SDK, or of any WebSocket library, would measure themselves.
import { textFrame } from '../bench/load/client-frame.ts';
import { OPCODE } from '../bench/load/frame-walker.ts';
import type { SocketOwner } from '../bench/load/load-socket.ts';
import { LoadSocket, pongFrame } from '../bench/load/load-socket.ts';
import { Condition } from '../support/condition.ts';
import type { Waits } from './waits.ts';

export interface CrowdOptions {
  readonly port: number;
  readonly members: number;
  readonly messagesPerSecond: number;
  /** So long everybody is there, then so long away. */
  readonly thereMs: number;
  readonly awayMs: number;
  readonly rounds: number;
}

export interface CrowdFigures {
  readonly members: number;
  readonly sent: number;
  /** Messages that everybody together has, and should have. */
  readonly delivered: number;
  readonly expected: number;
  readonly doubled: number;
  /** From the end of an outage until a member is back with all that it missed, in milliseconds. */
  readonly replayP50Ms: number;
  readonly replayP99Ms: number;
  readonly replayMaxMs: number;
}

interface Events {
  readonly events: readonly { readonly offset: number }[];
}
type Frame =
  | (Events & { readonly type: 'joined'; readonly position: { readonly epoch: string; readonly offset: number } })
  | (Events & { readonly type: 'events' })
  | { readonly type: 'connected'; readonly resume?: string }
  | { readonly type: 'published' };

const ROOM = 'crowd';
const SPEAKER = 0;
/** Sockets that are being opened at a time: everybody comes at once, and the kernel lets no more than some hundred wait. */
const OPENING = 128;
/** Everyone is back and has everything within this time after the last round. */
const BOUND_MS = 60_000;
const NOT_KNOWN = Number.POSITIVE_INFINITY;

/** Runs it against a relay that listens on that port. */
export async function runCrowd(options: CrowdOptions, waits: Waits): Promise<CrowdFigures> {
  const { members: size, messagesPerSecond, thereMs, awayMs, rounds } = options;
  const crowd = new Crowd(options.port, size + 1);
  const everybody = Array.from({ length: size }, (_, i) => SPEAKER + 1 + i);
  const replays: number[] = [];
  try {
    await crowd.join([SPEAKER, ...everybody], waits);
    const over = new AbortController();
    const talk = crowd.talk(messagesPerSecond, waits, over.signal);
    for (let round = 0; round < rounds && !waits.isOver; round++) {
      await waits.wait(thereMs);
      crowd.drop(everybody);
      await waits.wait(awayMs);
      const backMs = performance.now();
      replays.push(...(await crowd.join(everybody, waits)).map((atMs) => atMs - backMs));
    }
    over.abort();
    await talk;
    await Promise.race([crowd.hasAll(), waits.wait(BOUND_MS)]);
    return figuresOf(crowd.members.slice(SPEAKER + 1), crowd.published, replays);
  } finally {
    crowd.drop([SPEAKER, ...everybody]);
  }
}

function figuresOf(members: readonly CrowdMember[], sent: number, replays: readonly number[]): CrowdFigures {
  const sorted = replays.toSorted((a, b) => a - b);
  const at = (part: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
  return {
    members: members.length,
    sent,
    delivered: members.reduce((sum, { received }) => sum + received, 0),
    expected: members.length * sent,
    doubled: members.reduce((sum, { doubled }) => sum + doubled, 0),
    replayP50Ms: at(0.5),
    replayP99Ms: at(0.99),
    replayMaxMs: at(1),
  };
}

/** What one client has, and what it comes back with. */
class CrowdMember {
  readonly #seen = new Set<number>();
  socket: LoadSocket | undefined;
  resume: string | undefined;
  epoch: string | undefined;
  offset = 0;
  doubled = 0;

  get received(): number {
    return this.#seen.size;
  }

  saw({ events }: Events): void {
    for (const { offset } of events) {
      if (this.#seen.has(offset)) this.doubled++;
      this.#seen.add(offset);
      this.offset = Math.max(this.offset, offset);
    }
  }
}

class Crowd implements SocketOwner {
  readonly members: readonly CrowdMember[];
  readonly #port: number;
  readonly #changed = new Condition();
  /** Who is being dialled or has yet to hear what it missed, and up to which offset that goes once it is known. */
  readonly #coming = new Map<number, number>();
  #waiting: number[] = [];
  #backMs: number[] = [];
  #sent = 0;
  /** What the speaker published and the relay has stored. */
  published = 0;

  constructor(port: number, size: number) {
    this.#port = port;
    this.members = Array.from({ length: size }, () => new CrowdMember());
  }

  /** Connects these, and resolves with the times at which each had all that it missed. Who is refused comes again. */
  async join(indexes: readonly number[], waits: Waits): Promise<readonly number[]> {
    this.#backMs = [];
    this.#waiting = [...indexes].reverse();
    this.#dialMore();
    const all = this.#changed.until(() => (this.#backMs.length === indexes.length || undefined) && this.#backMs);
    return (await Promise.race([all, waits.wait(BOUND_MS)])) ?? this.#backMs;
  }

  /** These lose their connections without a word. */
  drop(indexes: readonly number[]): void {
    for (const index of indexes) this.#member(index).socket?.destroy();
  }

  /** Resolves once everybody has everything. */
  async hasAll(): Promise<void> {
    await this.#changed.until(() => this.members.every(({ offset }) => offset >= this.published) || undefined);
  }

  async talk(messagesPerSecond: number, waits: Waits, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !waits.isOver) {
      await waits.wait(1_000 / messagesPerSecond);
      const event = { type: 'message', text: `message ${++this.#sent}` };
      this.#say(SPEAKER, { type: 'publish', id: 2 + this.#sent, room: ROOM, key: `${this.#sent}`, event });
    }
    await Promise.race([this.#changed.until(() => this.published === this.#sent || undefined), waits.wait(BOUND_MS)]);
  }

  // --- what sockets tell ------------------------------------------------------------------------------------------------

  upgraded({ index }: LoadSocket): void {
    const { resume, epoch, offset } = this.#member(index);
    const position = epoch === undefined ? {} : { position: { epoch, offset } };
    this.#say(
      index,
      { type: 'connect', id: 1, version: 1, user: { name: `m${index}` }, ...(resume !== undefined && { resume }) },
      { type: 'join', id: 2, room: ROOM, ...position },
    );
  }

  message({ index }: LoadSocket, bytes: Buffer, start: number, end: number): void {
    const frame = JSON.parse(bytes.toString('utf8', start, end)) as Frame;
    const member = this.#member(index);
    if (frame.type === 'events' || frame.type === 'joined') member.saw(frame);
    if (frame.type === 'connected') member.resume = frame.resume ?? member.resume;
    else if (frame.type === 'published') this.published++;
    else if (frame.type === 'joined') {
      member.epoch = frame.position.epoch;
      this.#coming.set(index, frame.position.offset);
    }
    if (member.offset >= (this.#coming.get(index) ?? NOT_KNOWN)) this.#isBack(index);
    this.#changed.changed();
  }

  control(socket: LoadSocket, opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.ping) socket.write(pongFrame(bytes, start, end));
  }

  readEnded(): void {
    // Each frame has been seen to.
  }

  lost({ index }: LoadSocket): void {
    if (!this.#coming.delete(index)) return;
    this.#waiting.push(index);
    this.#dialMore();
  }

  // --- inside ---------------------------------------------------------------------------------------------------------

  #member(index: number): CrowdMember {
    return this.members[index] as CrowdMember;
  }

  #dialMore(): void {
    while (this.#coming.size < OPENING && this.#waiting.length > 0) {
      const index = this.#waiting.pop() as number;
      this.#coming.set(index, NOT_KNOWN);
      this.#member(index).socket = new LoadSocket(index, { port: this.#port, path: '/ws', subprotocol: 'chat-room.v1' }, this);
    }
  }

  #isBack(index: number): void {
    this.#coming.delete(index);
    this.#backMs.push(performance.now());
    this.#dialMore();
  }

  #say(index: number, ...frames: readonly object[]): void {
    this.#member(index).socket?.write(Buffer.concat(frames.map((frame) => textFrame(JSON.stringify(frame)))));
  }
}
