// What can be watched at /metrics. Hot counters are plain numbers, read when somebody scrapes.

import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const COMMIT_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const LOOP_BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Read when somebody scrapes. */
export interface MetricSources {
  readonly connections: () => number;
  readonly rooms: () => number;
}

export class Metrics {
  /** Events stored for clients of this relay. */
  publishes = 0;
  /** Events handed to sockets: one for each event and receiver. */
  deliveries = 0;
  /** Times that a slow reader was found to have missed something. */
  drops = 0;
  readonly #registry = new Registry();
  readonly joins: Counter<'outcome'>;
  readonly refusals: Counter<'code'>;
  readonly #commits: Histogram;
  readonly #commitEvents: Counter;
  readonly #loopDelay: Histogram;
  readonly #storeFailing: Gauge;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    };
    const counter = (name: string, help: string, read: () => number): void => {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    };
    gauge('chat_room_connections', 'Open WebSockets.', sources.connections);
    gauge('chat_room_rooms', 'Rooms in use.', sources.rooms);
    gauge('process_resident_memory_bytes', 'Resident memory of the relay.', () => process.memoryUsage.rss());
    counter('chat_room_publishes_total', 'Events stored for clients.', () => this.publishes);
    counter('chat_room_deliveries_total', 'Events handed to sockets, one for each event and receiver.', () => this.deliveries);
    counter('chat_room_drops_total', 'Times a slow reader was found to have missed something.', () => this.drops);
    this.joins = new Counter({
      name: 'chat_room_joins_total',
      help: 'Joins by how they went on from the position they named.',
      labelNames: ['outcome'],
      registers,
    });
    this.refusals = new Counter({
      name: 'chat_room_refusals_total',
      help: 'Error replies by code.',
      labelNames: ['code'],
      registers,
    });
    this.#commits = new Histogram({
      name: 'chat_room_commit_seconds',
      help: 'Time of one commit.',
      buckets: COMMIT_BUCKETS_S,
      registers,
    });
    this.#commitEvents = new Counter({ name: 'chat_room_committed_events_total', help: 'Events in all commits.', registers });
    this.#loopDelay = new Histogram({
      name: 'chat_room_loop_delay_seconds',
      help: 'How late the event loop ran a timer that was due.',
      buckets: LOOP_BUCKETS_S,
      registers,
    });
    this.#storeFailing = new Gauge({ name: 'chat_room_store_failing', help: '1 while the store refuses writes.', registers });
  }

  delivered(count: number): void {
    this.deliveries += count;
  }

  committed(durationMs: number, events: number): void {
    this.#commits.observe(durationMs / 1_000);
    this.#commitEvents.inc(events);
  }

  loopDelayed(delayMs: number): void {
    this.#loopDelay.observe(delayMs / 1_000);
  }

  storeFailing(isFailing: boolean): void {
    this.#storeFailing.set(isFailing ? 1 : 0);
  }

  /** All of it as Prometheus text. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
