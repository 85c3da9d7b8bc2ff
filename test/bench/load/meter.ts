import { cpuTimeUs, machineTimeUs, nowUs, ownCpuTimeUs } from './cpu.ts';
import { type ReadTotals, readTotals } from './load-socket.ts';

const NOTHING: ReadTotals = { bytes: 0, calls: 0 };

/** What had happened up to one moment. */
interface Reading {
  readonly atUs: number;
  readonly loadCpuUs: number;
  readonly serverCpuUs: number;
  readonly machineUs: number;
  readonly deliveries: number;
  readonly bytes: number;
  readonly reads: number;
}

/** What happened between two moments. Processor time as shares of one core. */
export interface Interval {
  readonly seconds: number;
  readonly loadCpu: number;
  readonly serverCpu: number;
  /** What programs had that are neither server nor load: of a machine that is doing something else. */
  readonly otherCpu: number;
  readonly deliveries: number;
  readonly bytes: number;
  readonly reads: number;
}

/** Reads the counters where a measurement begins and where it ends. */
export class Meter {
  readonly #serverPids: readonly number[];
  readonly #deliveries: () => number;
  readonly #elsewhere: () => ReadTotals;
  readonly #start: Reading;

  /** `elsewhere` are the reads of other threads. */
  constructor(serverPids: readonly number[], deliveries: () => number, elsewhere: () => ReadTotals = () => NOTHING) {
    this.#serverPids = serverPids;
    this.#deliveries = deliveries;
    this.#elsewhere = elsewhere;
    this.#start = this.#read();
  }

  interval(): Interval {
    const [start, end] = [this.#start, this.#read()];
    const wallUs = end.atUs - start.atUs;
    const loadCpu = (end.loadCpuUs - start.loadCpuUs) / wallUs;
    const serverCpu = (end.serverCpuUs - start.serverCpuUs) / wallUs;
    return {
      seconds: wallUs / 1e6,
      loadCpu,
      serverCpu,
      otherCpu: Math.max(0, (end.machineUs - start.machineUs) / wallUs - loadCpu - serverCpu),
      deliveries: end.deliveries - start.deliveries,
      bytes: end.bytes - start.bytes,
      reads: end.reads - start.reads,
    };
  }

  #read(): Reading {
    const [here, elsewhere] = [readTotals(), this.#elsewhere()];
    return {
      atUs: nowUs(),
      loadCpuUs: ownCpuTimeUs(),
      serverCpuUs: cpuTimeUs(this.#serverPids),
      machineUs: machineTimeUs(),
      deliveries: this.#deliveries(),
      bytes: here.bytes + elsewhere.bytes,
      reads: here.calls + elsewhere.calls,
    };
  }
}
