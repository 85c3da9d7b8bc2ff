// What a page makes of inputs and snapshots. Its own player moves at once, by the rules that the relay goes by, and is put right by
// each snapshot; the others are shown a little in the past, between two snapshots that have come. Pure.
import type { SeenPlayer, Snapshot } from './wire.ts';
import type { Body, Input } from './world.ts';
import { move, STEP_MS } from './world.ts';

/** Inputs that the relay has not answered. More are not guessed ahead: nobody is there to answer. */
const MAX_PENDING = 40;
const BEHIND_MS = 100;
/** Where nothing newer has come, others go on for this long at the most. */
const MAX_EXTRAPOLATED = 1;

export class Prediction {
  #body: Body | undefined;
  #pending: Input[] = [];

  get body(): Body | undefined {
    return this.#body;
  }

  /** False where too much waits for an answer: such an input is not to be sent. */
  input(input: Input): boolean {
    if (!this.#body || this.#pending.length >= MAX_PENDING) return false;
    this.#pending.push(input);
    this.#body = move(this.#body, input);
    return true;
  }

  /** The relay's word on one's own player, and on it what it has not seen yet. */
  reconcile({ body, sequence }: Pick<SeenPlayer, 'body' | 'sequence'>): void {
    this.#pending = this.#pending.filter((input) => input.sequence > sequence);
    this.#body = this.#pending.reduce(move, body);
  }

  forget(): void {
    this.#pending = [];
    this.#body = undefined;
  }
}

export class Interpolation {
  #history: { readonly snapshot: Snapshot; readonly atMs: number }[] = [];

  /** Times are made even by the ticks: snapshots come in bursts, and were not made in bursts. */
  add(snapshot: Snapshot, nowMs: number): void {
    const last = this.#history.at(-1);
    if (last && snapshot.tick <= last.snapshot.tick) this.#history = [];
    const due = last ? last.atMs + (snapshot.tick - last.snapshot.tick) * STEP_MS : nowMs;
    // The relay's clock is followed slowly, a pause at once.
    const atMs = Math.abs(due - nowMs) > 250 ? nowMs : due + (nowMs - due) * 0.1;
    this.#history = [...this.#history.slice(-7), { snapshot, atMs }];
  }

  /** Where others are shown to be. */
  at(nowMs: number): ReadonlyMap<number, { readonly x: number; readonly y: number }> {
    const wantedMs = nowMs - BEHIND_MS;
    const later = Math.max(
      1,
      this.#history.findIndex(({ atMs }) => atMs >= wantedMs),
    );
    const isPast = this.#history.every(({ atMs }) => atMs < wantedMs);
    const to = isPast ? this.#history.at(-1) : this.#history[later];
    const from = isPast ? this.#history.at(-2) : this.#history[later - 1];
    const only = to ?? from;
    if (!only) return new Map();
    const earlier = from && to ? from : only;
    const span = only.atMs - earlier.atMs;
    const part = span > 0 ? Math.min(1 + MAX_EXTRAPOLATED, Math.max(0, (wantedMs - earlier.atMs) / span)) : 1;
    const before = new Map(earlier.snapshot.players.map(({ id, body }) => [id, body]));
    return new Map(
      only.snapshot.players.map(({ id, body }) => {
        const start = before.get(id) ?? body;
        return [id, { x: start.x + (body.x - start.x) * part, y: start.y + (body.y - start.y) * part }];
      }),
    );
  }
}
