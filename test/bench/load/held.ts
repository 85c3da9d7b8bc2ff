// A rate that is held whatever comes back. Latency counts from the time a publish was due, so that a server which makes the
// load wait is not forgiven what it kept waiting.

import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from './cpu.ts';
import { drained } from './drained.ts';
import { Histogram } from './histogram.ts';
import type { LoadSocket } from './load-socket.ts';
import { memoryBytes } from './memory.ts';
import type { JoinReport, LoadJob, LoadTask, TaskReport } from './messages.ts';
import { Meter } from './meter.ts';
import { readDigits, TIME } from './payload.ts';
import { Publishing } from './publishing.ts';
import { MIN_EXACT_TICK_MS, Schedule } from './schedule.ts';
import { LoadSession, type SessionSink } from './session.ts';
import { firstMembers } from './shape.ts';
import { Tally } from './tally.ts';

type Held = Extract<LoadTask, { type: 'held' }>;

export class HeldLoad implements SessionSink {
  readonly #session: LoadSession;
  readonly #task: Held;
  readonly #publishing: Publishing;
  readonly #publishers: readonly number[];
  readonly #tally: Tally;
  readonly #latency = new Histogram();
  readonly #lateness = new Histogram();
  #measuredFromUs = Number.POSITIVE_INFINITY;
  #room = 0;

  constructor(job: LoadJob, task: Held) {
    this.#task = task;
    this.#session = new LoadSession(job, this);
    this.#publishing = new Publishing(this.#session);
    this.#publishers = firstMembers(job.shape);
    this.#tally = new Tally(job.shape.connections);
  }

  join(indexes: readonly number[]): Promise<JoinReport> {
    return this.#session.join(indexes);
  }

  async run(): Promise<TaskReport> {
    const { publishesPerSecond, tickMs, idleMs, warmMs, measureMs } = this.#task;
    const idleMeter = new Meter(this.#session.job.serverPids, () => this.#tally.total);
    await sleep(idleMs);
    const idle = idleMeter.interval();
    const serverBytes = memoryBytes(this.#session.job.serverPids);
    const schedule = new Schedule(publishesPerSecond, tickMs * 1_000, (dueUs) => this.#publish(dueUs));
    schedule.start();
    await sleep(warmMs);
    this.#measuredFromUs = nowUs();
    const meter = new Meter(this.#session.job.serverPids, () => this.#tally.total);
    await sleep(measureMs);
    const interval = meter.interval();
    schedule.stop();
    await drained(
      () => this.#tally.total,
      () => this.#publishing.expected,
    );
    return {
      ...interval,
      serverBytes,
      idleServerCpu: idleMs === 0 ? 0 : idle.serverCpu,
      published: this.#publishing.published,
      expected: this.#publishing.expected,
      seen: this.#tally.total,
      lostConnections: this.#session.lostConnections,
      latencyUs: this.#latency.quantiles(),
      ...(tickMs < MIN_EXACT_TICK_MS ? {} : { latenessUs: this.#lateness.quantiles() }),
    };
  }

  delivered(socket: LoadSocket, bytes: Buffer, at: number): void {
    this.#tally.add(socket.index, bytes, at);
    const dueUs = readDigits(bytes, at + TIME.at, TIME.digits);
    if (dueUs >= this.#measuredFromUs) this.#latency.record(nowUs() - dueUs);
  }

  readEnded(): void {}

  #publish(dueUs: number): void {
    const room = this.#room;
    this.#room = (room + 1) % this.#publishers.length;
    const socket = this.#session.socket(this.#publishers[room] ?? 0);
    if (!socket) return;
    if (dueUs >= this.#measuredFromUs) this.#lateness.record(nowUs() - dueUs);
    this.#publishing.add(socket, room, Math.floor(dueUs));
    this.#publishing.flush(socket);
  }
}
