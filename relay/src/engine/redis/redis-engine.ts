// The engine of relays that share a Redis. A publish is one script, which checks, numbers, stores and publishes in one step;
// every relay follows the rooms it has open, and fills gaps from the stream. See README.md beside this file.

import { randomBytes } from 'node:crypto';
import type { Member, Position, Reads } from '@chat-room/sdk/protocol';
import { MAX_PAGE_EVENTS } from '@chat-room/sdk/protocol';
import type { EngineObserver } from '../embedded-engine.ts';
import type {
  Draft,
  Engine,
  Feed,
  MembersChange,
  OpenPage,
  Page,
  PageQuery,
  PublishOutcome,
  RoomList,
  StoredEvent,
} from '../engine.ts';
import { EngineError } from '../engine.ts';
import type { Moderation } from '../moderation.ts';
import type { Retention } from '../room-log.ts';
import { parseEvent } from '../stored-event.ts';
import type { RoomKeys } from './keys.ts';
import { roomKeys, SHARED_KEYS } from './keys.ts';
import { RedisBus } from './redis-bus.ts';
import { RedisHealth } from './redis-health.ts';
import { RedisLink } from './redis-link.ts';
import { RedisLog, withRedacts } from './redis-log.ts';
import { RelayRegistry } from './relay-registry.ts';
import type { Step } from './room-follower.ts';
import { RoomFollower } from './room-follower.ts';
import { SCRIPTS } from './scripts.ts';
import { Stamps } from './stamps.ts';

const MAX_UNDER_WAY = 10_000;
const RETRY_AFTER_MS = 1_000;
/** Events that a room is filled with anew after a reset. */
const RESET_EVENTS = 128;
/** Each open room is compared with Redis so often, at most so many at a time. */
const AUDIT_MS = 20_000;
const AUDIT_TICK_MS = 1_000;
const MAX_AUDITS = 500;

export interface RedisEngineOptions {
  /** `redis://…`; several with commas are the seeds of a cluster. */
  readonly url: string;
  readonly retention: (room: string) => Retention;
  readonly observer: EngineObserver;
  /** Told, at the start, of what in Redis's configuration may lose data: a sentence. */
  readonly warn?: (sentence: string) => void;
  /** Milliseconds since 1970. Default: Redis's own clock, one for all relays. */
  readonly now?: () => number;
}

/** A room that is open on this relay. */
interface OpenRoom {
  readonly room: string;
  readonly keys: RoomKeys;
  readonly feed: Feed;
  readonly follower: RoomFollower;
}

export class RedisEngine implements Engine {
  readonly secret: string;
  readonly bus: RedisBus;
  readonly #relay: string;
  readonly #stamps: Stamps;
  readonly #link: RedisLink;
  readonly #options: RedisEngineOptions;
  readonly #log: RedisLog;
  readonly #registry: RelayRegistry;
  readonly #health: RedisHealth;
  readonly #rooms = new Map<string, OpenRoom>();
  /** Rooms to be compared with Redis, in turn. */
  #audits: Iterator<OpenRoom> | undefined;
  #auditTimer: NodeJS.Timeout | undefined;
  #underWay = 0;
  #isClosed = false;

  private constructor(link: RedisLink, secret: string, options: RedisEngineOptions) {
    this.#link = link;
    this.#options = options;
    this.secret = secret;
    this.#relay = randomBytes(9).toString('base64url');
    this.#stamps = new Stamps(this.#relay);
    this.#log = new RedisLog(link, options.retention, options.now);
    this.#registry = new RelayRegistry(link, this.#relay, (room, change) => this.#rooms.get(room)?.feed.members(change));
    this.bus = new RedisBus(link, this.#relay, () => this.#registry.liveRelays());
    this.#health = new RedisHealth(link, this.#relay, {
      failing: (error) => options.observer.failing(error),
      recovered: () => {
        options.observer.recovered();
        this.#verifyAll([...this.#rooms.values()]);
      },
    });
    const roomsOf = (channels: ReadonlySet<string>): readonly OpenRoom[] =>
      [...this.#rooms.values()].filter(({ keys }) => channels.has(keys.channel));
    link.subscriptions.onInterrupted((channels) => {
      for (const { follower } of roomsOf(channels)) follower.interrupted();
    });
    link.subscriptions.onRestored((channels) => {
      const rooms = roomsOf(channels);
      for (const open of rooms) if (open.follower.doubt()) void this.#repair(open);
      this.#registry.restored(rooms.map(({ room }) => room));
    });
  }

  /** Connects. Rejects with an EngineError: `redis_unreachable` or `redis_unusable`. */
  static async open(options: RedisEngineOptions): Promise<RedisEngine> {
    const link = await RedisLink.open(options.url, SCRIPTS);
    for (const warning of link.info.warnings) options.warn?.(warning);
    try {
      const fresh = randomBytes(32).toString('base64url');
      await link.command.set(SHARED_KEYS.secret, fresh, 'NX');
      const secret = (await link.command.get(SHARED_KEYS.secret)) ?? fresh;
      const engine = new RedisEngine(link, secret, options);
      await Promise.all([engine.bus.start(), engine.#registry.start(), engine.#health.start()]);
      engine.#auditTimer = setInterval(() => engine.#audit(), AUDIT_TICK_MS).unref();
      return engine;
    } catch (error) {
      link.disconnect();
      if (error instanceof EngineError) throw error;
      throw new EngineError('redis_unusable', `Redis can't be used: ${(error as Error).message}.`, { cause: error });
    }
  }

  /** Where Redis is, without credentials. */
  get address(): string {
    return this.#link.address.text;
  }

  // --- rooms that are open here -------------------------------------------------------------------------------------

  async open(room: string, feed: Feed, limit: number): Promise<OpenPage> {
    this.#assertServing();
    if (this.#rooms.has(room)) throw new Error(`room ${room} is open already`);
    const open = { room, keys: roomKeys(room), feed, follower: new RoomFollower() };
    this.#rooms.set(room, open);
    try {
      // First the subscription, then the read: what is published in between waits in the follower.
      await this.#link.subscriptions.subscribe(open.keys.channel, (payload) => this.#received(open, payload));
      const page = await this.#answered(this.#log.readEnd(room, limit));
      await this.#registry.opened(room);
      this.#apply(open, open.follower.begin(page));
      return page;
    } catch (error) {
      this.release(room);
      throw this.#health.failureOf(error);
    }
  }

  release(room: string): void {
    const open = this.#rooms.get(room);
    if (!open) return;
    this.#rooms.delete(room);
    this.#link.subscriptions.unsubscribe(open.keys.channel);
    this.#registry.closed(room);
  }

  #received(open: OpenRoom, payload: string): void {
    const body = payload.slice(1);
    switch (payload[0]) {
      case 'e':
        this.#apply(open, open.follower.take(readPublished(body)));
        return;
      case 's':
        this.#heed(open, body);
        return;
      case 'm':
        this.#registry.received(open.room, body);
    }
  }

  #heed({ feed }: OpenRoom, stamped: string): void {
    const signal = this.#stamps.open(stamped);
    if (signal && signal.relay !== this.#relay) feed.signal(signal.text);
  }

  #apply(open: OpenRoom, { events, start, read }: Step): void {
    if (events.length > 0) open.feed.events(events, start);
    if (read) void this.#repair(open);
  }

  /** Reads what is missing, once and in order, while what is published waits. */
  async #repair(open: OpenRoom): Promise<void> {
    const { room, feed, follower } = open;
    try {
      this.#assertOpen();
      // In this order, and sent at once: a log that has gone back is another by the time it is read.
      const after = { from: 'after', offset: follower.top, limit: MAX_PAGE_EVENTS } as const;
      const [, page] = await Promise.all([this.#log.verify(room, follower, knownLast(follower)), this.#log.read(room, after)]);
      if (this.#rooms.get(room) !== open) return;
      const repair = follower.repaired(page);
      if (!repair.reset) {
        this.#apply(open, repair);
        return;
      }
      const end = await this.#log.readEnd(room, RESET_EVENTS);
      if (this.#rooms.get(room) !== open) return;
      feed.reset(end);
      this.#apply(open, follower.begin(end));
    } catch {
      follower.failed(); // Redis is away: when it is back every room is looked at again
    }
  }

  #verifyAll(rooms: readonly OpenRoom[]): void {
    for (const open of rooms) void this.#verify(open);
  }

  /** Compares what was fed with what Redis has. */
  async #verify(open: OpenRoom): Promise<void> {
    const { follower } = open;
    if (follower.isReading || this.#isClosed) return;
    try {
      const now = await this.#log.verify(open.room, follower, knownLast(follower));
      const isBehind = now.epoch !== follower.epoch || now.offset > follower.top;
      if (isBehind && this.#rooms.get(open.room) === open && follower.doubt()) await this.#repair(open);
    } catch (error) {
      this.#health.suspect(error);
    }
  }

  #audit(): void {
    if (this.#health.failure) return;
    const count = Math.min(MAX_AUDITS, Math.ceil((this.#rooms.size * AUDIT_TICK_MS) / AUDIT_MS));
    for (let i = 0; i < count; i++) {
      this.#audits ??= this.#rooms.values();
      const { value, done } = this.#audits.next();
      if (done) this.#audits = undefined;
      else void this.#verify(value);
    }
  }

  // --- publish --------------------------------------------------------------------------------------------------------

  async publish(room: string, draft: Draft): Promise<PublishOutcome> {
    if (this.#isClosed) return { ok: false, code: 'draining' };
    if (this.#health.failure) return unavailable();
    if (this.#underWay >= MAX_UNDER_WAY) return { ok: false, code: 'overloaded', retryAfterMs: RETRY_AFTER_MS };
    const started = performance.now();
    this.#underWay++;
    try {
      const outcome = await this.#log.publish(room, draft, this.#knownOf(room));
      this.#options.observer.committed(performance.now() - started, 1);
      return outcome;
    } catch (error) {
      this.#health.suspect(error);
      return unavailable();
    } finally {
      this.#underWay--;
    }
  }

  /** What this relay has seen of the room: more than Redis has means that Redis has lost it. */
  #knownOf(room: string): Position | undefined {
    const follower = this.#rooms.get(room)?.follower;
    return follower && { epoch: follower.epoch, offset: follower.top };
  }

  // --- reads ------------------------------------------------------------------------------------------------------------

  async read(room: string, query: PageQuery): Promise<Page> {
    this.#assertServing();
    return this.#answered(this.#log.read(room, query));
  }

  async moderation(room: string, memberId?: string): Promise<Moderation | undefined> {
    this.#assertServing();
    return this.#answered(this.#log.moderation(room, memberId));
  }

  /** Best effort: a member joins without them where Redis is away. */
  async reads(room: string, memberIds: readonly string[]): Promise<Reads> {
    this.#assertOpen();
    if (this.#health.failure || memberIds.length === 0) return {};
    try {
      return await this.#log.reads(room, memberIds);
    } catch (error) {
      this.#health.suspect(error);
      return {};
    }
  }

  keepReads(room: string, reads: Reads): void {
    if (this.#isClosed || this.#health.failure) return;
    this.#log.keepReads(room, reads).catch(() => undefined); // best effort by contract
  }

  async rooms(after: string | undefined, limit: number): Promise<RoomList> {
    this.#assertServing();
    try {
      return await this.#log.rooms(after, limit);
    } catch (error) {
      throw this.#health.failureOf(error);
    }
  }

  // --- other relays -----------------------------------------------------------------------------------------------------

  signal(room: string, text: string): void {
    if (this.#isClosed || this.#health.absence || !this.#link.isUp) return;
    const signal = `s${this.#stamps.stamp(text)}`;
    this.#link.command.spublish(roomKeys(room).channel, signal).catch(() => undefined); // best effort by contract
  }

  tellMembers(room: string, change: MembersChange): void {
    if (!this.#isClosed) this.#registry.tell(room, change);
  }

  async membersElsewhere(room: string): Promise<readonly Member[]> {
    this.#assertServing();
    try {
      return await this.#registry.elsewhere(room);
    } catch (error) {
      throw this.#health.failureOf(error);
    }
  }

  async probe(): Promise<void> {
    this.#assertServing();
    await this.#health.probe();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#auditTimer);
    while (this.#underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5)); // each ends within its timeout
    await this.#registry.stop();
    this.bus.stop();
    this.#health.stop();
    await this.#link.close();
  }

  // --- inside -----------------------------------------------------------------------------------------------------------

  #assertOpen(): void {
    if (this.#isClosed) throw new EngineError('engine_closed', 'The relay is going down.');
  }

  /** An answer of Redis, or the EngineError that says why there is none. */
  async #answered<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.#health.suspect(error);
      throw this.#health.failureOf(error);
    }
  }

  #assertServing(): void {
    this.#assertOpen();
    if (this.#health.absence) throw this.#health.absence;
  }
}

function unavailable(): PublishOutcome {
  return { ok: false, code: 'storage_unavailable', retryAfterMs: RETRY_AFTER_MS };
}

/** `<epoch> <start> <redacted offsets>`, a line end, and the event. */
function readPublished(body: string): { readonly epoch: string; readonly start: number; readonly event: StoredEvent } {
  const end = body.indexOf('\n');
  const [epoch = '', start, redacts = ''] = body.slice(0, end).split(' ');
  return { epoch, start: Number(start), event: withRedacts(parseEvent(body.slice(end + 1)), redacts) };
}

/** The event that was fed last, where it stands at the end of what is known. */
function knownLast({ last, top }: RoomFollower): StoredEvent | undefined {
  return last?.offset === top ? last : undefined;
}
