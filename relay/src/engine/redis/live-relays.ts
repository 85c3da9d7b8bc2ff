// Which relays live, by how long ago each has said so. Pure: the caller brings what Redis knows, and the time.

/** A relay that was silent so long is dead. It speaks each second. */
export const SILENT_MS = 3_500;
/** A relay whose own voice was not heard for so long may have been held up with everyone else: it judges nobody for a while. */
const HELD_UP_MS = 2_500;
const GRACE_MS = 4_000;
const LONG_MS = 30_000;

/** What a look at the others has brought. */
export interface Judgement {
  readonly dead: readonly string[];
  /** Relays that were not known to live. */
  readonly come: readonly string[];
}

export class LiveRelays {
  readonly #own: string;
  readonly #live = new Set<string>();
  /** Relays that live as far as is known, but that Redis no longer names: since when. */
  readonly #missingSince = new Map<string, number>();
  #ages: ReadonlyMap<string, number> = new Map();
  #beatAt = Number.NEGATIVE_INFINITY;
  #judgesFrom = Number.POSITIVE_INFINITY;

  constructor(own: string) {
    this.#own = own;
  }

  has(relay: string): boolean {
    return this.#live.has(relay);
  }

  /** True where the relay is dead beyond doubt. */
  isLongGone(relay: string, now: number): boolean {
    return now >= this.#judgesFrom && !this.#live.has(relay) && (this.#ages.get(relay) ?? LONG_MS) >= LONG_MS;
  }

  /** True where this relay has been silent so long that others may take it for dead. */
  isLate(now: number): boolean {
    return now - this.#beatAt > HELD_UP_MS;
  }

  /** A relay was heard of otherwise. */
  heard(relay: string): void {
    if (relay !== this.#own) this.#live.add(relay);
    this.#missingSince.delete(relay);
  }

  /** This relay has spoken, at `now`, and was told the milliseconds since each relay did. */
  beat(ages: ReadonlyMap<string, number>, now: number): Judgement {
    if (this.isLate(now)) this.#judgesFrom = now + GRACE_MS;
    this.#beatAt = now;
    this.#ages = ages;
    const come = [...ages].filter(([relay, age]) => age < SILENT_MS && relay !== this.#own && !this.#live.has(relay));
    for (const [relay] of come) this.#live.add(relay);
    const dead = now < this.#judgesFrom ? [] : [...this.#live].filter((relay) => this.#isDead(relay, ages.get(relay), now));
    for (const relay of dead) {
      this.#live.delete(relay);
      this.#missingSince.delete(relay);
    }
    return { dead, come: come.map(([relay]) => relay) };
  }

  /** Where Redis has lost who lives, each is given the time to speak again. */
  #isDead(relay: string, age: number | undefined, now: number): boolean {
    if (age !== undefined) {
      this.#missingSince.delete(relay);
      return age >= SILENT_MS;
    }
    const since = this.#missingSince.get(relay) ?? now;
    this.#missingSince.set(relay, since);
    return now - since >= GRACE_MS;
  }
}
