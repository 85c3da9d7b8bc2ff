// A supervisor and the links of its workers, joined without processes: what a real one does is in test/e2e/workers.e2e.ts.

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Metrics } from '../../../relay/src/metrics.ts';
import type { RelayOptions } from '../../../relay/src/options.ts';
import { resolveOptions } from '../../../relay/src/options.ts';
import type { ToSupervisor, ToWorker } from '../../../relay/src/workers/messages.ts';
import { ANSWER_TIMEOUT_MS } from '../../../relay/src/workers/metrics-gathering.ts';
import type { Ending } from '../../../relay/src/workers/supervision.ts';
import type { WorkerProcess } from '../../../relay/src/workers/supervisor.ts';
import { Supervisor } from '../../../relay/src/workers/supervisor.ts';
import { SupervisorLink } from '../../../relay/src/workers/supervisor-link.ts';

const GATHER_TIMEOUT_MS = ANSWER_TIMEOUT_MS + 1_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  return () => void vi.useRealTimers();
});

/** A worker's process that is none: its two ends of the channel, and what happened to it. */
class FakeWorker implements WorkerProcess {
  readonly link: SupervisorLink;
  readonly metrics: Metrics;
  /** What it was sent, and what it sent. */
  readonly got: ToWorker['type'][] = [];
  readonly sent: ToSupervisor['type'][] = [];
  connections = 0;
  drains: string[] = [];
  /** True while it neither reads nor writes. */
  hangs = false;
  isKilled = false;
  #toWorker: (message: ToWorker) => void = () => {};
  #toSupervisor: (message: ToSupervisor) => void = () => {};
  #onExit: (how: string) => void = () => {};
  #onDisconnect: () => void = () => {};
  number = 0;
  options: Partial<RelayOptions> = {};

  constructor() {
    const channel = {
      send: (message: ToSupervisor): void => {
        this.sent.push(message.type);
        if (!this.hangs) this.#toSupervisor(copy(message));
      },
      onMessage: (handle: (message: ToWorker) => void): void => {
        this.#toWorker = handle;
      },
      onDisconnect: (handle: () => void): void => {
        this.#onDisconnect = handle;
      },
    };
    this.link = new SupervisorLink(channel, {
      start: (worker, options) => {
        this.number = worker;
        this.options = options;
      },
      drain: (why) => void this.drains.push(why),
    });
    this.metrics = new Metrics({
      connections: () => this.connections,
      rooms: () => 0,
      members: () => 0,
      subscriptions: () => 0,
      siblings: this.link,
    });
  }

  send(message: ToWorker): void {
    this.got.push(message.type);
    if (!this.hangs) this.#toWorker(copy(message));
  }

  onMessage(handle: (message: ToSupervisor) => void): void {
    this.#toSupervisor = handle;
  }

  onExit(handle: (how: string) => void): void {
    this.#onExit = handle;
  }

  kill(): void {
    this.isKilled = true;
  }

  listens(): void {
    this.link.listening({ port: 8080, url: 'http://localhost:8080/', transport: 'ws' });
  }

  exits(how: string): void {
    this.#onExit(how);
  }

  losesSupervisor(): void {
    this.hangs = true;
    this.#onDisconnect();
  }
}

/** What a channel between processes does to a message. */
function copy<T>(message: T): T {
  return JSON.parse(JSON.stringify(message)) as T;
}

class Rig {
  /** All that were ever started. */
  readonly workers: FakeWorker[] = [];
  readonly exits: Ending[] = [];
  readonly log: { readonly msg: string; readonly [field: string]: unknown }[] = [];
  readonly supervisor: Supervisor;

  constructor(count: number) {
    const options = { ...resolveOptions({ port: 8080, data: '/nowhere' }), workers: count };
    const note = (fields: object, msg: string): void => void this.log.push({ ...fields, msg });
    this.supervisor = new Supervisor({
      options,
      launch: () => {
        const worker = new FakeWorker();
        this.workers.push(worker);
        return worker;
      },
      logger: { info: note, warn: note, error: note },
      exit: (ending) => void this.exits.push(ending),
    });
    this.supervisor.start();
  }

  static up(count: number): Rig {
    const rig = new Rig(count);
    for (const worker of rig.workers) worker.listens();
    return rig;
  }

  worker(index: number): FakeWorker {
    const worker = this.workers[index];
    if (!worker) throw new Error(`There is no worker ${index}.`);
    return worker;
  }
}

function sampleOf(text: string, name: string): number {
  return Number(new RegExp(`^${name.replace(/[{}"+]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
}

describe('supervisor', () => {
  test('tells each worker its number and its options, of which it is the only worker', () => {
    const rig = new Rig(3);
    expect(rig.workers.map(({ got, number }) => [got, number])).toEqual([1, 2, 3].map((number) => [['start'], number]));
    for (const { options } of rig.workers) expect(options).toMatchObject({ port: 8080, data: '/nowhere', workers: 1 });
  });

  test('says that it listens once, when all do, with the address and their number', () => {
    const rig = new Rig(2);
    rig.worker(1).listens();
    expect(rig.log).toEqual([]);
    rig.worker(0).listens();
    expect(rig.log).toMatchObject([{ msg: 'listening', port: 8080, url: 'http://localhost:8080/', transport: 'ws', workers: 2 }]);
  });

  test('a worker that dies is replaced after its delay, in its place', () => {
    const rig = Rig.up(2);
    rig.worker(1).exits('SIGKILL');
    expect(rig.log.at(-1)).toMatchObject({ worker: 2, how: 'SIGKILL', delayMs: 500 });
    vi.advanceTimersByTime(499);
    expect(rig.workers).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(rig.workers).toHaveLength(3);
    expect(rig.worker(2).number).toBe(2);
  });

  test('an end drains all together, and exits with the last; nobody is started any more', () => {
    const rig = Rig.up(3);
    rig.worker(0).exits('SIGKILL');
    rig.supervisor.end();
    rig.supervisor.end();
    expect(rig.workers.map(({ drains }) => drains)).toEqual([[], ['asked'], ['asked']]);
    vi.advanceTimersByTime(60_000);
    expect(rig.workers).toHaveLength(3);
    rig.worker(1).exits('code 0');
    expect(rig.exits).toEqual([]);
    rig.worker(2).exits('code 0');
    expect(rig.exits).toEqual([{ exitCode: 0 }]);
  });

  test('a worker that can not listen is told to go, and everything ends with its sentence', () => {
    const rig = new Rig(2);
    rig.worker(0).link.failed({ exitCode: 2, sentence: 'Choose another.' });
    expect(rig.workers.map(({ drains }) => drains)).toEqual([['asked'], ['asked']]);
    rig.worker(0).exits('code 2');
    rig.worker(1).exits('code 0');
    expect(rig.exits).toEqual([{ exitCode: 2, sentence: 'Choose another.' }]);
  });

  test('a kill reaches all that live', () => {
    const rig = Rig.up(3);
    rig.worker(0).exits('SIGKILL');
    rig.supervisor.kill();
    expect(rig.workers.map(({ isKilled }) => isKilled)).toEqual([false, true, true]);
  });

  test('a worker whose supervisor is gone drains by itself', () => {
    const rig = Rig.up(1);
    rig.worker(0).losesSupervisor();
    expect(rig.worker(0).drains).toEqual(['orphaned']);
  });
});

describe('metrics of workers', () => {
  test('whoever is asked tells the sums over all: counters, gauges and buckets', async () => {
    const rig = Rig.up(3);
    rig.workers.forEach((worker, i) => {
      worker.connections = 10 * (i + 1);
      worker.metrics.publishes = i + 1;
      worker.metrics.loopDelayed(i === 0 ? 2 : 200);
      worker.metrics.refusals.inc({ code: i === 0 ? 'a' : 'b' });
    });
    for (const { metrics } of rig.workers.slice(1)) metrics.engineFailed();
    for (const worker of rig.workers) {
      const text = await worker.metrics.text();
      expect(sampleOf(text, 'chat_room_connections')).toBe(60);
      expect(sampleOf(text, 'chat_room_publishes_total')).toBe(6);
      expect(sampleOf(text, 'chat_room_loop_delay_seconds_bucket{le="0.005"}')).toBe(1);
      expect(sampleOf(text, 'chat_room_loop_delay_seconds_bucket{le="+Inf"}')).toBe(3);
      expect(sampleOf(text, 'chat_room_loop_delay_seconds_sum')).toBeCloseTo(0.402);
      expect(sampleOf(text, 'chat_room_refusals_total{code="a"}')).toBe(1);
      expect(sampleOf(text, 'chat_room_refusals_total{code="b"}')).toBe(2);
      expect(sampleOf(text, 'chat_room_engine_failing')).toBe(1);
      expect(text.match(/^# TYPE chat_room_connections gauge$/gm)).toHaveLength(1);
    }
  });

  test('what a worker had counted stays in the sums when another takes its place; what it held does not', async () => {
    const rig = Rig.up(2);
    rig.worker(0).metrics.publishes = 5;
    rig.worker(1).metrics.publishes = 7;
    rig.worker(1).connections = 3;
    const seen: number[] = [];
    for (let died = 1; died <= 3; died++) {
      seen.push(sampleOf(await rig.worker(0).metrics.text(), 'chat_room_publishes_total'));
      const dead = rig.workers.at(-1);
      dead?.exits('SIGKILL');
      const text = await rig.worker(0).metrics.text();
      expect(sampleOf(text, 'chat_room_publishes_total')).toBe(seen.at(-1));
      expect(sampleOf(text, 'chat_room_connections')).toBe(0);
      vi.advanceTimersByTime(30_000);
      const next = rig.workers.at(-1);
      expect(next).not.toBe(dead);
      next?.listens();
      if (next) next.metrics.publishes = 100;
    }
    expect(seen).toEqual([12, 112, 212]);
  });

  test('one that does not answer in time is waited for once, keeps its counts in the sums, and is not asked twice', async () => {
    const rig = Rig.up(2);
    rig.worker(1).metrics.publishes = 7;
    rig.worker(1).connections = 3;
    await rig.worker(0).metrics.text();
    rig.worker(1).hangs = true;
    rig.worker(0).metrics.publishes = 1;
    for (let i = 0; i < 3; i++) {
      const asked = rig.worker(0).metrics.text();
      await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
      const text = await asked;
      expect(sampleOf(text, 'chat_room_publishes_total')).toBe(8);
      expect(sampleOf(text, 'chat_room_connections')).toBe(0);
    }
    expect(rig.worker(1).got.filter((type) => type === 'readMetrics')).toHaveLength(2);
  });

  test('what a worker says is heard no more once it is gone: it would count twice', async () => {
    const rig = Rig.up(2);
    rig.worker(1).metrics.publishes = 7;
    await rig.worker(0).metrics.text();
    const dead = rig.worker(1);
    dead.exits('SIGKILL');
    dead.send({ type: 'readMetrics' });
    dead.link.failed({ exitCode: 1, sentence: 'Too late.' });
    await vi.advanceTimersByTimeAsync(500);
    expect(rig.workers).toHaveLength(3);
    expect(rig.worker(2).got).toEqual(['start']);
    expect(sampleOf(await rig.worker(0).metrics.text(), 'chat_room_publishes_total')).toBe(7);
  });

  test('many scrapes at once are one', async () => {
    const rig = Rig.up(2);
    await Promise.all(Array.from({ length: 20 }, (_, i) => rig.worker(i % 2).metrics.text()));
    for (const { got, sent } of rig.workers) {
      expect(got.filter((type) => type === 'readMetrics').length).toBeLessThanOrEqual(2);
      expect(sent.filter((type) => type === 'gatherMetrics')).toHaveLength(1);
    }
  });

  test('with a supervisor that does not answer a worker tells its own, and asks no second time', async () => {
    const rig = Rig.up(2);
    rig.worker(0).metrics.publishes = 4;
    rig.worker(0).hangs = true;
    for (let i = 0; i < 3; i++) {
      const asked = rig.worker(0).metrics.text();
      await vi.advanceTimersByTimeAsync(GATHER_TIMEOUT_MS);
      expect(sampleOf(await asked, 'chat_room_publishes_total')).toBe(4);
    }
    expect(rig.worker(0).sent.filter((type) => type === 'gatherMetrics')).toHaveLength(1);
  });
});
