// As fast as it goes: each publisher keeps a window of publishes under way.

import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from './cpu.ts';
import { drained } from './drained.ts';
import { Histogram } from './histogram.ts';
import { Listeners } from './listener-thread.ts';
import type { LoadSocket } from './load-socket.ts';
import type { JoinReport, LoadJob, LoadTask, TaskReport } from './messages.ts';
import { Meter } from './meter.ts';
import { CONNECTION, readDigits, TIME } from './payload.ts';
import { Publishing } from './publishing.ts';
import { Resting } from './resting.ts';
import { LoadSession, type SessionSink } from './session.ts';
import { firstMembers, roomsOf } from './shape.ts';
import { Tally } from './tally.ts';
import { Window } from './window.ts';

type Saturation = Extract<LoadTask, { type: 'saturation' }>;

/** Where everyone publishes, everyone is read by one thread: it rests just long enough that a turn finds some dozens of sockets. */
const REST_MS = 0.5;
/** One delivery in so many has its latency taken: asking the clock for each would cost as much as all the rest. */
const SAMPLE = 61;

interface Publisher {
  readonly room: number;
  readonly window: Window;
}

export class SaturationLoad implements SessionSink {
  readonly #session: LoadSession;
  readonly #task: Saturation;
  readonly #publishing: Publishing;
  readonly #tally: Tally;
  readonly #publishers: (Publisher | undefined)[];
  readonly #latency = new Histogram();
  #listeners: Listeners | undefined;
  #heard = 0;
  #isPublishing = false;
  #isMeasuring = false;

  constructor(job: LoadJob, task: Saturation) {
    this.#task = task;
    this.#session = new LoadSession(job, this);
    this.#publishing = new Publishing(this.#session);
    this.#tally = new Tally(job.shape.connections);
    this.#publishers = new Array<Publisher | undefined>(job.shape.connections).fill(undefined);
    const all = task.publishers === 'one' ? firstMembers(job.shape) : this.#publishers.keys();
    for (const index of all)
      this.#publishers[index] = { room: roomsOf(job.shape, index)[0] ?? 0, window: new Window(task.window) };
  }

  async join(indexes: readonly number[]): Promise<JoinReport> {
    const report = await this.#session.join(indexes.filter((index) => this.#publishers[index]));
    const listening = indexes.filter((index) => !this.#publishers[index]);
    if (listening.length === 0) return report;
    this.#listeners = new Listeners(this.#session.job, listening, this.#tally.memory);
    const theirs = await this.#listeners.joined();
    return { ...theirs, joined: theirs.joined + report.joined, failed: theirs.failed + report.failed };
  }

  async end(): Promise<void> {
    await this.#listeners?.end();
  }

  async run(): Promise<TaskReport> {
    const { warmMs, measureMs } = this.#task;
    this.#isPublishing = true;
    const resting = new Resting(REST_MS);
    if (this.#listeners) this.#listeners.rest();
    else resting.start();
    for (const index of this.#publishers.keys()) {
      const socket = this.#session.socket(index);
      if (socket) this.#fill(socket);
    }
    await sleep(warmMs);
    this.#isMeasuring = true;
    const meter = new Meter(
      this.#session.job.serverPids,
      () => this.#tally.total,
      () => this.#listeners?.totals ?? { bytes: 0, calls: 0 },
    );
    await sleep(measureMs);
    const interval = meter.interval();
    resting.stop();
    [this.#isMeasuring, this.#isPublishing] = [false, false];
    await drained(
      () => this.#tally.total,
      () => this.#publishing.expected,
    );
    return {
      ...interval,
      published: this.#publishing.published,
      expected: this.#publishing.expected,
      seen: this.#tally.total,
      orderFaults: this.#orderFaults(),
      lostConnections: this.#session.lostConnections + (this.#listeners?.totals.lost ?? 0),
      latencyUs: this.#latency.quantiles(),
    };
  }

  delivered(socket: LoadSocket, bytes: Buffer, at: number): void {
    this.#tally.add(socket.index, bytes, at);
    this.#heard += 1;
    if (this.#isMeasuring && this.#heard % SAMPLE === 0)
      this.#latency.record(nowUs() - readDigits(bytes, at + TIME.at, TIME.digits));
    const publisher = this.#publishers[socket.index];
    if (publisher && readDigits(bytes, at + CONNECTION.at, CONNECTION.digits) === socket.index) publisher.window.give();
  }

  readEnded(socket: LoadSocket): void {
    if (this.#publishers[socket.index] && this.#isPublishing) this.#fill(socket);
  }

  #fill(socket: LoadSocket): void {
    const publisher = this.#publishers[socket.index];
    while (publisher?.window.take()) this.#publishing.add(socket, publisher.room);
    this.#publishing.flush(socket);
  }

  #orderFaults(): number {
    const rooms = new Map<number, number[]>();
    const { shape } = this.#session.job;
    for (let index = 0; index < shape.connections; index += 1) {
      const [room = 0] = roomsOf(shape, index);
      const members = rooms.get(room);
      if (members) members.push(index);
      else rooms.set(room, [index]);
    }
    return [...rooms.values()].reduce((sum, members) => sum + this.#tally.orderFaults(members), 0);
  }
}
