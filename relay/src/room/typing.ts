import type { Member } from '@chat-room/sdk/protocol';
import { MAX_TYPING_MEMBERS, TYPING_TTL_MS } from '@chat-room/sdk/protocol';

/** Who is typing in one room. Times are milliseconds by the caller's clock. */
export class Typing {
  readonly #until = new Map<string, { readonly member: Member; readonly until: number }>();
  #isChanged = false;

  get size(): number {
    return this.#until.size;
  }

  set(member: Member, isActive: boolean, now: number): void {
    if (!isActive) {
      this.clear(member.id);
      return;
    }
    this.#isChanged ||= !this.#until.has(member.id);
    this.#until.set(member.id, { member, until: now + TYPING_TTL_MS });
  }

  /** They sent what they typed, or left. */
  clear(memberId: string): void {
    if (this.#until.delete(memberId)) this.#isChanged = true;
  }

  /** Everyone who is typing, where that changed since the last call. */
  takeNews(now: number): { readonly members: readonly Member[]; readonly count: number } | undefined {
    for (const [id, { until }] of this.#until) if (until <= now) this.clear(id);
    if (!this.#isChanged) return undefined;
    this.#isChanged = false;
    const members = [...this.#until.values()].slice(0, MAX_TYPING_MEMBERS).map((entry) => entry.member);
    return { members, count: this.#until.size };
  }
}
