// What can be watched at /metrics. Hot counters are plain numbers, read when somebody scrapes.

import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DeliveryOutcome } from './webhooks/endpoint.ts';
import type { Siblings } from './workers/siblings.ts';

const COMMIT_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const LOOP_BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const ROUND_TRIP_BUCKETS_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];

/** Read when somebody scrapes. */
export interface MetricSources {
  readonly connections: () => number;
  readonly rooms: () => number;
  /** Members, each counted in each of their rooms. */
  readonly members: () => number;
  /** Subscriptions of sockets to rooms. */
  readonly subscriptions: () => number;
  /** The other workers, where there are some: what is watched then is their sum. */
  readonly siblings?: Siblings | undefined;
}

export class Metrics {
  /** Events stored for clients of this relay. */
  publishes = 0;
  /** Events handed to sockets: one for each event and receiver. */
  deliveries = 0;
  /** Times that a slow reader was found to have missed something. */
  drops = 0;
  /** Messages that this relay's code handed to the layer, to a channel or a group. */
  layerMessages = 0;
  /** Layer messages dropped because as many waited for their channel as may. */
  layerDrops = 0;
  readonly #registry = new Registry();
  readonly #siblings: Siblings | undefined;
  readonly joins: Counter<'outcome'>;
  readonly refusals: Counter<'code'>;
  readonly #commits: Histogram;
  readonly #commitEvents: Counter;
  readonly #loopDelay: Histogram;
  readonly #storeFailing: Gauge;
  readonly #engineFailing: Gauge;
  readonly #engineOutages: Counter;
  readonly #roundTrips: Histogram;
  readonly #consumerFaults: Counter<'route'>;
  readonly #authenticationRefusals: Counter<'code'>;
  readonly #webhooks: Counter<'outcome'>;
  readonly #apiRequests: Counter<'status'>;
  readonly #uploads: Counter<'outcome'>;
  readonly #uploadedBytes: Counter;
  readonly #removedFiles: Counter;

  constructor(sources: MetricSources) {
    this.#siblings = sources.siblings;
    this.#siblings?.shareMetrics(() => this.#registry.getMetricsAsJSON());
    this.#gauge('chat_room_connections', 'Open WebSockets.', sources.connections);
    this.#gauge('chat_room_rooms', 'Rooms in use, each counted in every process that has it.', sources.rooms);
    this.#gauge('chat_room_members', 'Members in rooms, each counted in every room and process.', sources.members);
    this.#gauge('chat_room_subscriptions', 'Subscriptions of sockets to rooms.', sources.subscriptions);
    this.#gauge('process_resident_memory_bytes', 'Resident memory of the relay.', () => process.memoryUsage.rss());
    this.#gauge(
      'nodejs_heap_size_used_bytes',
      'Heap in use, with what is not collected yet.',
      () => process.memoryUsage().heapUsed,
    );
    this.#gauge('nodejs_active_timers', 'Timers that are set.', activeTimers);
    this.#count('chat_room_publishes_total', 'Events stored for clients.', () => this.publishes);
    this.#count(
      'chat_room_deliveries_total',
      'Events handed to sockets, one for each event and receiver.',
      () => this.deliveries,
    );
    this.#count('chat_room_drops_total', 'Times a slow reader was found to have missed something.', () => this.drops);
    this.#count('chat_room_layer_messages_total', 'Messages handed to the layer.', () => this.layerMessages);
    this.#count('chat_room_layer_drops_total', 'Layer messages dropped because a channel was full.', () => this.layerDrops);
    this.joins = this.#counter('chat_room_joins_total', 'Joins by how they went on from the position they named.', ['outcome']);
    this.refusals = this.#counter('chat_room_refusals_total', 'Error replies by code.', ['code']);
    this.#commits = this.#histogram('chat_room_commit_seconds', 'Time of one commit.', COMMIT_BUCKETS_S);
    this.#commitEvents = this.#counter('chat_room_committed_events_total', 'Events in all commits.', []);
    this.#loopDelay = this.#histogram(
      'chat_room_loop_delay_seconds',
      'How late the event loop ran a timer that was due.',
      LOOP_BUCKETS_S,
    );
    this.#storeFailing = this.#flag('chat_room_store_failing', '1 while the store refuses writes.');
    this.#engineFailing = this.#flag('chat_room_engine_failing', '1 while the engine can not serve: its Redis is away.');
    this.#engineOutages = this.#counter('chat_room_engine_outages_total', 'Times the engine stopped serving.', []);
    this.#roundTrips = this.#histogram(
      'chat_room_redis_round_trip_seconds',
      'From a command to its answer from Redis.',
      ROUND_TRIP_BUCKETS_S,
    );
    this.#consumerFaults = this.#counter('chat_room_consumer_faults_total', 'Exceptions in consumers by route.', ['route']);
    this.#authenticationRefusals = this.#counter(
      'chat_room_authentication_refusals_total',
      'Requests whose maker was not accepted, by code.',
      ['code'],
    );
    this.#webhooks = this.#counter('chat_room_webhooks_total', 'Webhooks by what became of them.', ['outcome']);
    this.#apiRequests = this.#counter('chat_room_api_requests_total', 'Server API requests by class of status.', ['status']);
    this.#uploads = this.#counter('chat_room_uploads_total', 'Files sent to the relay, by what became of them.', ['outcome']);
    this.#uploadedBytes = this.#counter('chat_room_uploaded_bytes_total', 'Bytes of the files that were stored.', []);
    this.#removedFiles = this.#counter('chat_room_removed_files_total', 'Files removed since nothing refers to them.', []);
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

  /** The engine stopped serving. Once for each outage. */
  engineFailed(): void {
    this.#engineFailing.set(1);
    this.#engineOutages.inc();
  }

  /** The engine serves again. */
  engineRecovered(): void {
    this.#engineFailing.set(0);
  }

  /** One command, or one pipeline of them, was answered by Redis. */
  redisAnswered(durationMs: number): void {
    this.#roundTrips.observe(durationMs / 1_000);
  }

  /** A consumer threw or rejected. `route` is the pattern, of which there are few, never the path. */
  consumerFaulted(route: string): void {
    this.#consumerFaults.inc({ route });
  }

  /** A request was refused because of who made it, or could not say. `code` is a Refusal's. */
  authenticationRefused(code: string): void {
    this.#authenticationRefusals.inc({ code });
  }

  /** So many deliveries of webhooks had this outcome; one that is tried again has one `failed` for each try. */
  webhook(outcome: DeliveryOutcome, count: number): void {
    this.#webhooks.inc({ outcome }, count);
  }

  /** The server API answered a request. */
  apiAnswered(status: number): void {
    this.#apiRequests.inc({ status: `${Math.floor(status / 100)}xx` });
  }

  /** A file was stored, or not. `outcome` is `stored`, `interrupted`, or the code of a problem. */
  uploaded(outcome: string, bytes: number): void {
    this.#uploads.inc({ outcome });
    this.#uploadedBytes.inc(bytes);
  }

  filesRemoved(count: number): void {
    this.#removedFiles.inc(count);
  }

  /** All of it as Prometheus text: of this process, or of all workers together. */
  async text(): Promise<string> {
    if (!this.#siblings) return this.#registry.metrics();
    const snapshots = await this.#siblings.gatherMetrics();
    return AggregatorRegistry.aggregate([...snapshots]).metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  #count(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** 0 or 1; of several workers, 1 where one says so. */
  #flag(name: string, help: string): Gauge {
    return new Gauge({ name, help, aggregator: 'max', registers: [this.#registry] });
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({ name, help, buckets: [...buckets], registers: [this.#registry] });
  }
}

function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
}
