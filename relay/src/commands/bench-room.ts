// A room full of clients, a held rate of messages, and when each of them was there.

import { randomText } from '../random-text.ts';
import { BenchConnection, type BenchError } from './bench-connection.ts';

/** Connections that are opened at a time: no storm is measured here. */
const OPEN_AT_ONCE = 50;
const TICK_MS = 5;
/** How long is waited for what is still under way at the end. */
const LAST_WORD_MS = 5_000;
const ROOM_NAME_BYTES = 6;

export interface BenchOptions {
  readonly url: string;
  readonly connections: number;
  readonly token: string | undefined;
}

export interface BenchFindings {
  readonly sent: number;
  /** One for each message and connection. */
  readonly expected: number;
  readonly delivered: number;
  /** From the moment a message was due to be sent to its arrival, so that a late send counts. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export class BenchRoom {
  readonly #connections: BenchConnection[] = [];
  readonly #dueAt: number[] = [];
  readonly #latenciesMs: number[] = [];
  #failure: BenchError | undefined;

  /** Opens all connections. Rejects with a BenchError, and leaves none open then. */
  static async open({ url, connections, token }: BenchOptions): Promise<BenchRoom> {
    const bench = new BenchRoom();
    const target = {
      url,
      token,
      room: `bench-${randomText(ROOM_NAME_BYTES)}`,
      heard: (data: unknown) => bench.#heard(data),
      failed: (error: BenchError) => {
        bench.#failure ??= error;
      },
    };
    while (bench.#connections.length < connections) {
      const wanted = Math.min(OPEN_AT_ONCE, connections - bench.#connections.length);
      const opened = await Promise.allSettled(Array.from({ length: wanted }, () => BenchConnection.open(target)));
      for (const each of opened) if (each.status === 'fulfilled') bench.#connections.push(each.value);
      const refused = opened.find((each) => each.status === 'rejected');
      if (!refused) continue;
      await bench.close();
      throw refused.reason;
    }
    return bench;
  }

  /** Holds the rate for so long. Rejects with a BenchError where a connection is lost or refused something. */
  async measure({ publishesPerS, seconds }: { publishesPerS: number; seconds: number }): Promise<BenchFindings> {
    const total = publishesPerS * seconds;
    const start = performance.now();
    while (this.#dueAt.length < total) {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * publishesPerS) + 1);
      while (this.#dueAt.length < due) this.#publish(start + (this.#dueAt.length / publishesPerS) * 1_000);
      await this.#tick();
    }
    const expected = total * this.#connections.length;
    const end = performance.now() + LAST_WORD_MS;
    while (this.#latenciesMs.length < expected && performance.now() < end) await this.#tick();
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    return { sent: total, expected, delivered: sorted.length, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all(this.#connections.splice(0).map((connection) => connection.close()));
  }

  #publish(dueAt: number): void {
    const n = this.#dueAt.push(dueAt) - 1;
    this.#connections[n % this.#connections.length]?.publish('bench', { n });
  }

  #heard(data: unknown): void {
    const dueAt = this.#dueAt[(data as { readonly n?: number } | null)?.n ?? -1];
    if (dueAt !== undefined) this.#latenciesMs.push(performance.now() - dueAt);
  }

  async #tick(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    if (this.#failure) throw this.#failure;
  }
}

/** NaN where nothing was measured. */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
