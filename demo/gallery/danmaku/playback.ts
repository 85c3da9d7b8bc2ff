// Where in the film somebody is. Live, its playhead is the clock on the wall, so that all who watch see the same, and a comment
// meets all of them at its moment. Who pauses or seeks is on a way of their own, until they go live again.
import { FILM_MS } from './track.ts';

/** Less than this behind or ahead is the same moment. */
const LIVE_WITHIN_MS = 250;

export class Playback {
  /** How far ahead of the wall's clock it plays, or the moment at which it is paused. */
  #state: { readonly type: 'playing'; readonly aheadMs: number } | { readonly type: 'paused'; readonly atMs: number } = {
    type: 'playing',
    aheadMs: 0,
  };

  get isPaused(): boolean {
    return this.#state.type === 'paused';
  }

  /** The playhead, which goes on over the end of the film: `filmTime` says where in the film that is. */
  at(wallMs: number): number {
    return this.#state.type === 'paused' ? this.#state.atMs : wallMs + this.#state.aheadMs;
  }

  isLive(wallMs: number): boolean {
    return !this.isPaused && Math.abs(this.at(wallMs) - wallMs) < LIVE_WITHIN_MS;
  }

  pause(wallMs: number): void {
    this.#state = { type: 'paused', atMs: this.at(wallMs) };
  }

  play(wallMs: number): void {
    this.#state = { type: 'playing', aheadMs: this.at(wallMs) - wallMs };
  }

  goLive(): void {
    this.#state = { type: 'playing', aheadMs: 0 };
  }

  /** To a time in the film, in the round that is running; paused stays paused. */
  seek(filmMs: number, wallMs: number): void {
    const atMs = Math.floor(this.at(wallMs) / FILM_MS) * FILM_MS + filmMs;
    this.#state = this.isPaused ? { type: 'paused', atMs } : { type: 'playing', aheadMs: atMs - wallMs };
  }
}
