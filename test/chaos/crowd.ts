// A crowd on a bad network: everybody loses the connection for some seconds, again and again, while somebody talks. Lean
// clients of the protocol, since so many of the SDK would measure themselves.
import { WebSocket } from 'ws';
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

interface Joined {
  readonly type: 'joined';
  readonly position: { readonly epoch: string; readonly offset: number };
  readonly recovery: { readonly outcome: string } | string;
  readonly events: readonly { readonly offset: number }[];
}
type Push = { readonly type: 'events'; readonly events: readonly { readonly offset: number }[] };

const ROOM = 'crowd';
/** Sockets that are being opened at a time, at first. After an outage everybody comes at once. */
const OPENING = 200;
/** Everyone is back and has everything within this time after the last round. */
const BOUND_MS = 60_000;

/** Runs it against a relay that listens on that port. */
export async function runCrowd(options: CrowdOptions, waits: Waits): Promise<CrowdFigures> {
  const changed = new Condition();
  const members = Array.from({ length: options.members }, (_, i) => new CrowdMember(options.port, `m${i}`, changed));
  const speaker = new CrowdMember(options.port, 'speaker', changed);
  const replays: number[] = [];
  try {
    for (let i = 0; i < members.length && !waits.isOver; i += OPENING)
      await Promise.all(members.slice(i, i + OPENING).map((member) => member.join()));
    await speaker.join();
    const over = new AbortController();
    const talk = speaker.talk(options.messagesPerSecond, waits, over.signal);
    for (let round = 0; round < options.rounds && !waits.isOver; round++) {
      await waits.wait(options.thereMs);
      for (const member of members) member.drop();
      await waits.wait(options.awayMs);
      const backMs = performance.now();
      await Promise.all(members.map((member) => member.join().then(() => replays.push(performance.now() - backMs))));
    }
    over.abort();
    await talk;
    const hasAll = (): boolean => members.every(({ offset }) => offset >= speaker.published);
    await Promise.race([changed.until(() => hasAll() || undefined), waits.wait(BOUND_MS)]);
    return figuresOf(members, speaker.published, replays);
  } finally {
    for (const member of [...members, speaker]) member.drop();
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

class CrowdMember {
  readonly #url: string;
  readonly #name: string;
  readonly #changed: Condition;
  #socket: WebSocket | undefined;
  #epoch: string | undefined;
  #seen = new Set<number>();
  #resume: string | undefined;
  #keys = 0;
  offset = 0;
  received = 0;
  doubled = 0;
  /** What it published and the relay has stored. */
  published = 0;

  constructor(port: number, name: string, changed: Condition) {
    this.#url = `ws://127.0.0.1:${port}/ws`;
    this.#name = name;
    this.#changed = changed;
  }

  /** Connects, and resolves once it has all that it missed. Comes again where the connection is refused. */
  async join(): Promise<void> {
    while (!(await this.#tryToJoin()));
  }

  #tryToJoin(): Promise<boolean> {
    const socket = new WebSocket(this.#url, 'chat-room.v1', { perMessageDeflate: false });
    this.#socket = socket;
    return new Promise((resolve) => {
      socket.on('error', () => undefined); // a close follows
      socket.on('close', () => resolve(this.#socket !== socket));
      socket.on('open', () => {
        const resume = this.#resume === undefined ? {} : { resume: this.#resume };
        socket.send(JSON.stringify({ type: 'connect', id: 1, version: 1, user: { name: this.#name }, ...resume }));
        const position = this.#epoch === undefined ? {} : { position: { epoch: this.#epoch, offset: this.offset } };
        socket.send(JSON.stringify({ type: 'join', id: 2, room: ROOM, ...position }));
      });
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as Joined | Push | { readonly type: string; readonly resume?: string };
        if (this.#take(frame) === 'joined') resolve(true);
      });
    });
  }

  /** Loses its connection without a word. */
  drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.terminate();
  }

  async talk(messagesPerSecond: number, waits: Waits, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !waits.isOver) {
      await waits.wait(1_000 / messagesPerSecond);
      const event = { type: 'message', text: `message ${++this.#keys}` };
      this.#socket?.send(JSON.stringify({ type: 'publish', id: 2 + this.#keys, room: ROOM, key: `${this.#keys}`, event }));
    }
    await Promise.race([this.#changed.until(() => this.published === this.#keys || undefined), waits.wait(BOUND_MS)]);
  }

  #take(frame: Joined | Push | { readonly type: string; readonly resume?: string }): string {
    if (frame.type === 'connected' && 'resume' in frame) this.#resume = frame.resume;
    else if (frame.type === 'events') this.#saw((frame as Push).events);
    else if (frame.type === 'joined') {
      const { position, events } = frame as Joined;
      this.#epoch = position.epoch;
      this.#saw(events);
    } else if (frame.type === 'published') {
      this.published++;
      this.#changed.changed();
    }
    return frame.type;
  }

  #saw(events: readonly { readonly offset: number }[]): void {
    for (const { offset } of events) {
      if (this.#seen.has(offset)) this.doubled++;
      else this.received++;
      this.#seen.add(offset);
      this.offset = Math.max(this.offset, offset);
    }
    this.#changed.changed();
  }
}
