// All members but the first of each room lose their sockets at once, miss what that one says meanwhile, and come back. Who comes
// back is back when all it missed has come; of a server that keeps nothing, when it has joined.

import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from './cpu.ts';
import type { Resume } from './dialects.ts';
import { drained } from './drained.ts';
import { Histogram } from './histogram.ts';
import type { LoadSocket } from './load-socket.ts';
import type { JoinReport, LoadJob, LoadTask, TaskReport } from './messages.ts';
import { Meter } from './meter.ts';
import { MARKER_BYTES } from './payload.ts';
import { Publishing } from './publishing.ts';
import { LoadSession, type SessionSink } from './session.ts';
import { firstMembers, roomsOf } from './shape.ts';
import { Tally } from './tally.ts';

type Storm = Extract<LoadTask, { type: 'storm' }>;

/** Long enough that every server has noticed that the sockets are gone. */
const AWAY_MS = 300;
/** Publishes of one room under way at a time while the others are away. */
const BURST = 50;
/** A server that keeps nothing has told all it will when it says nothing for so long. */
const PAUSE_MS = 500;

interface Member {
  readonly resume: Resume;
  /** Of the tally, when it joined. */
  joinedCount: number;
  /** How much of the tally it has when nothing is missing. */
  wanted: number;
  /** Of the tally, when it last asked for more. */
  askedCount: number;
  joinedAtUs: number;
  backAtUs: number | undefined;
}

export class StormLoad implements SessionSink {
  readonly #job: LoadJob;
  readonly #task: Storm;
  readonly #session: LoadSession;
  readonly #publishing: Publishing;
  readonly #tally: Tally;
  readonly #publishers: readonly number[];
  readonly #members: readonly Member[];
  readonly #away: readonly number[];
  readonly #back = new Histogram();
  #returnedAtUs = 0;

  constructor(job: LoadJob, task: Storm) {
    this.#job = job;
    this.#task = task;
    this.#session = new LoadSession(job, this);
    this.#publishing = new Publishing(this.#session);
    this.#tally = new Tally(job.shape.connections);
    this.#publishers = firstMembers(job.shape);
    this.#members = Array.from({ length: job.shape.connections }, () => ({
      resume: {},
      joinedCount: 0,
      wanted: 0,
      askedCount: 0,
      joinedAtUs: 0,
      backAtUs: undefined,
    }));
    const staying = new Set(this.#publishers);
    this.#away = [...this.#members.keys()].filter((index) => !staying.has(index));
  }

  join(indexes: readonly number[]): Promise<JoinReport> {
    return this.#session.join(indexes, (index) => ({ keep: this.#member(index).resume }));
  }

  async run(): Promise<TaskReport> {
    const meter = new Meter(this.#job.serverPids, () => this.#tally.total);
    let failed = 0;
    for (let time = 0; time < this.#task.times; time += 1) {
      await this.#publish(1); // so that there is a place to come back to
      await drained(
        () => this.#tally.total,
        () => this.#publishing.expected,
      );
      failed += await this.#breakAndReturn();
    }
    return {
      ...meter.interval(),
      published: this.#publishing.published,
      expected: this.#publishing.expected,
      seen: this.#tally.total,
      lostConnections: this.#session.lostConnections + failed,
      latencyUs: this.#back.quantiles(),
      backUs: this.#back.quantiles(),
    };
  }

  delivered(socket: LoadSocket, bytes: Buffer, at: number): void {
    this.#tally.add(socket.index, bytes, at);
    const { readOffset } = this.#session.dialect;
    if (readOffset) this.#member(socket.index).resume.offset = readOffset(bytes, at + MARKER_BYTES + this.#job.padBytes);
  }

  joined(socket: LoadSocket): void {
    this.#member(socket.index).joinedAtUs = nowUs();
  }

  readEnded(socket: LoadSocket): void {
    const member = this.#member(socket.index);
    if (this.#returnedAtUs === 0 || member.backAtUs !== undefined) return;
    const count = this.#tally.count(socket.index);
    if (count >= member.wanted) member.backAtUs = nowUs();
    else this.#askMore(socket, member, count);
  }

  #member(index: number): Member {
    return this.#members[index] as Member;
  }

  /** A page or a reply has come, and it was not all. */
  #askMore(socket: LoadSocket, member: Member, count: number): void {
    const { askMore } = this.#session.dialect;
    if (!askMore || count === member.askedCount) return;
    member.askedCount = count;
    const [room = 0] = roomsOf(this.#job.shape, socket.index);
    socket.sendText(askMore(room, member.resume, (member.resume.joinedAt ?? 0) + count - member.joinedCount));
  }

  /** Returns how many did not come back. */
  async #breakAndReturn(): Promise<number> {
    for (const index of this.#away) this.#leave(index);
    await sleep(AWAY_MS);
    await this.#publish(this.#task.missedPerRoom);
    this.#returnedAtUs = nowUs();
    const { failed } = await this.#session.join(this.#away, (index) => ({ resume: { ...this.#member(index).resume } }));
    await this.#allBack();
    for (const index of this.#away) {
      const { backAtUs, joinedAtUs } = this.#member(index);
      this.#back.record((backAtUs ?? joinedAtUs) - this.#returnedAtUs);
    }
    this.#returnedAtUs = 0;
    return failed;
  }

  #leave(index: number): void {
    const member = this.#member(index);
    const count = this.#tally.count(index);
    this.#session.break(index);
    const { resume } = member;
    if (resume.joinedAt !== undefined) {
      resume.joinedAt += count - member.joinedCount;
      resume.offset = resume.joinedAt;
    }
    member.joinedCount = count;
    member.askedCount = count;
    member.wanted = count + this.#task.missedPerRoom;
    member.backAtUs = undefined;
  }

  async #allBack(): Promise<void> {
    let seen = -1;
    while (this.#away.some((index) => this.#member(index).backAtUs === undefined) && seen !== this.#tally.total) {
      seen = this.#tally.total;
      await sleep(PAUSE_MS);
    }
  }

  /** So many publishes to each room, by those who stay. Resolves when they have them all. */
  async #publish(perRoom: number): Promise<void> {
    for (let left = perRoom; left > 0; left -= BURST) {
      const counts = this.#publishers.map((index) => this.#tally.count(index) + Math.min(BURST, left));
      for (const [room, index] of this.#publishers.entries()) {
        const socket = this.#session.socket(index);
        if (!socket) throw new Error('A publisher has lost its connection.');
        for (let count = 0; count < Math.min(BURST, left); count += 1) this.#publishing.add(socket, room);
        this.#publishing.flush(socket);
      }
      const missing = (): number =>
        this.#publishers.reduce((sum, index, room) => sum + Math.max(0, (counts[room] ?? 0) - this.#tally.count(index)), 0);
      await drained(
        () => -missing(),
        () => 0,
      );
    }
  }
}
