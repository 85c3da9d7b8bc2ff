import type { Clock } from '../environment.ts';
import type { FrameOf, ServerFrame } from '../protocol/index.ts';
import type { Typing } from '../types.ts';

/** Said again this often while it goes on: well within the time after which the relay forgets it. */
export const TYPING_REPEAT_MS = 3_000;

export const nobodyTyping: Typing = { members: [], count: 0 };

/** Decides when this member's typing is worth a frame: `set` is called at each key stroke. */
export class TypingNotice {
  readonly #clock: Clock;
  readonly #tell: (active: boolean) => void;
  #saidAt: number | undefined;

  constructor(clock: Clock, tell: (active: boolean) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  set(active: boolean): void {
    const now = this.#clock.now();
    if (active ? this.#saidAt !== undefined && now - this.#saidAt < TYPING_REPEAT_MS : this.#saidAt === undefined) return;
    this.#saidAt = active ? now : undefined;
    this.#tell(active);
  }

  /** The relay knows that it ended: a message of ours, or a lost connection, says so. */
  reset(): void {
    this.#saidAt = undefined;
  }
}

/** What the relay pushed, without oneself. */
export function othersTyping({ members, count }: FrameOf<ServerFrame, 'typing'>, me: string | undefined): Typing {
  const others = members.filter(({ id }) => id !== me);
  return { members: others, count: count - (members.length - others.length) };
}
