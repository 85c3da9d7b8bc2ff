import { cpuTimeUs, machineTimeUs, nowUs, ownCpuTimeUs } from './cpu.ts';
import { readTotals } from './load-socket.ts';

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
  readonly #start: Reading;

  constructor(serverPids: readonly number[], deliveries: () => number) {
    this.#serverPids = serverPids;
    this.#deliveries = deliveries;
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
    const { bytes, calls } = readTotals();
    return {
      atUs: nowUs(),
      loadCpuUs: ownCpuTimeUs(),
      serverCpuUs: cpuTimeUs(this.#serverPids),
      machineUs: machineTimeUs(),
      deliveries: this.#deliveries(),
      bytes,
      reads: calls,
    };
  }
}
