// What waits for one endpoint, and what of it is to be sent when. Pure: time and chance are arguments.
//
// Order. Deliveries of one room go out one after the other: the next is sent when the one before it was taken, refused or
// given up. So a room's deliveries arrive in order, and one that fails holds up its room, and no other, until it is given
// up for its age. Rooms take turns.
//
// Failures. A delivery that failed waits for a back-off of its own. Where many in a row fail, whichever rooms they are of,
// the endpoint as a whole is left alone for a while; so it is where it names a time itself.

import { backOffMs } from './answer.ts';

/** Something that happened in a room, as one endpoint is told of it. */
export interface Occurrence {
  /** What its id is made from: the same for the same occurrence. */
  readonly seed: string;
  readonly room: string;
  readonly body: string;
}

export interface Delivery extends Occurrence {
  /** When it was queued, in milliseconds since 1970. */
  readonly at: number;
}

export interface QueueBounds {
  readonly maxQueue: number;
  /** UTF-16 code units of all bodies. */
  readonly maxQueueLength: number;
  readonly maxInFlight: number;
  readonly giveUpAfterMs: number;
}

/** A room's deliveries. The first is the one that is sent. */
interface Lane {
  readonly deliveries: Delivery[];
  /** Of the first one. */
  failures: number;
  dueAt: number;
}

const NEVER = Number.POSITIVE_INFINITY;

export class DeliveryQueue {
  readonly #bounds: QueueBounds;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes whose first delivery may be sent, in the order of their turns. */
  readonly #ready = new Set<Lane>();
  readonly #backingOff = new Set<Lane>();
  /** Earliest of those that back off. */
  #earliest = NEVER;
  /** Before it nothing is sent. */
  #notBefore = 0;
  #failuresInRow = 0;
  #inFlight = 0;
  #size = 0;
  #length = 0;
  #expired = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  /** Deliveries that are neither taken nor given up, those in flight included. */
  get size(): number {
    return this.#size;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** How many were given up since the last call because they had waited too long for their turn. */
  takeExpired(): number {
    const expired = this.#expired;
    this.#expired = 0;
    return expired;
  }

  /** False where the queue is full: then it is not in it. */
  offer(occurrence: Occurrence, now: number): boolean {
    const { maxQueue, maxQueueLength } = this.#bounds;
    if (this.#size >= maxQueue || this.#length + occurrence.body.length > maxQueueLength) return false;
    this.#size++;
    this.#length += occurrence.body.length;
    const delivery = { ...occurrence, at: now };
    const lane = this.#lanes.get(occurrence.room);
    if (lane) {
      lane.deliveries.push(delivery);
      return true;
    }
    const fresh = { deliveries: [delivery], failures: 0, dueAt: 0 };
    this.#lanes.set(occurrence.room, fresh);
    this.#ready.add(fresh);
    return true;
  }

  /** What is to be sent now. It is in flight until `settle` or `retry` is called for it. */
  next(now: number): Delivery | undefined {
    if (this.#inFlight >= this.#bounds.maxInFlight || now < this.#notBefore) return undefined;
    if (now >= this.#earliest) this.#wake(now);
    for (const lane of this.#ready) {
      this.#ready.delete(lane);
      const delivery = this.#firstInTime(lane, now);
      if (!delivery) continue;
      this.#inFlight++;
      return delivery;
    }
    return undefined;
  }

  /** When `next` has something to give, if nothing happens before; undefined where something must. */
  nextAt(): number | undefined {
    if (this.#inFlight >= this.#bounds.maxInFlight) return undefined;
    const at = this.#ready.size > 0 ? this.#notBefore : Math.max(this.#notBefore, this.#earliest);
    return at === NEVER ? undefined : at;
  }

  /** It was taken, or refused for good. */
  settle(delivery: Delivery): void {
    this.#failuresInRow = 0;
    this.#inFlight--;
    this.#shift(this.#laneOf(delivery), delivery);
  }

  /** It failed. False where it would be too old by the time of the next attempt: then it is given up. */
  retry(delivery: Delivery, now: number, random: () => number, retryAfterMs: number | undefined): boolean {
    this.#inFlight--;
    this.#pause(now, random, retryAfterMs);
    const lane = this.#laneOf(delivery);
    lane.failures++;
    lane.dueAt = Math.max(now + backOffMs(lane.failures, random), this.#notBefore);
    if (lane.dueAt > delivery.at + this.#bounds.giveUpAfterMs) {
      this.#shift(lane, delivery);
      return false;
    }
    this.#backingOff.add(lane);
    this.#earliest = Math.min(this.#earliest, lane.dueAt);
    return true;
  }

  /** Lets go of everything that is not in flight. Returns how many that were. */
  clear(): number {
    const cleared = this.#size - this.#inFlight;
    for (const lane of [...this.#ready, ...this.#backingOff]) lane.deliveries.length = 0;
    for (const [room, lane] of this.#lanes) {
      if (lane.deliveries.length === 0) this.#lanes.delete(room);
      else lane.deliveries.length = 1;
    }
    this.#ready.clear();
    this.#backingOff.clear();
    this.#earliest = NEVER;
    this.#size = this.#inFlight;
    this.#length = 0;
    for (const { deliveries } of this.#lanes.values()) this.#length += deliveries[0]?.body.length ?? 0;
    return cleared;
  }

  #pause(now: number, random: () => number, retryAfterMs = 0): void {
    this.#failuresInRow++;
    const { maxInFlight, giveUpAfterMs } = this.#bounds;
    // As many as may be in flight at once can fail for one cause: beyond that it is the endpoint that fails.
    const excess = this.#failuresInRow - maxInFlight;
    const pauseMs = Math.max(excess > 0 ? backOffMs(excess, random) : 0, Math.min(retryAfterMs, giveUpAfterMs));
    this.#notBefore = Math.max(this.#notBefore, now + pauseMs);
  }

  #wake(now: number): void {
    this.#earliest = NEVER;
    for (const lane of this.#backingOff) {
      if (lane.dueAt > now) {
        this.#earliest = Math.min(this.#earliest, lane.dueAt);
        continue;
      }
      this.#backingOff.delete(lane);
      this.#ready.add(lane);
    }
  }

  #firstInTime(lane: Lane, now: number): Delivery | undefined {
    for (let first = lane.deliveries[0]; first; first = lane.deliveries[0]) {
      if (now - first.at <= this.#bounds.giveUpAfterMs) return first;
      this.#shift(lane, first);
      this.#ready.delete(lane);
      this.#expired++;
    }
    return undefined;
  }

  #laneOf({ room }: Delivery): Lane {
    const lane = this.#lanes.get(room);
    if (!lane) throw new Error('a delivery is settled once');
    return lane;
  }

  /** The lane's first delivery leaves; the one after it is next. */
  #shift(lane: Lane, { room, body }: Delivery): void {
    lane.deliveries.shift();
    lane.failures = 0;
    this.#size--;
    this.#length -= body.length;
    if (lane.deliveries.length === 0) this.#lanes.delete(room);
    else this.#ready.add(lane);
  }
}
