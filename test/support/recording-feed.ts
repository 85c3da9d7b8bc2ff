import type { Feed, MembersChange, Page, StoredEvent } from '../../relay/src/engine/engine.ts';
import { Condition } from './condition.ts';

/** A feed that notes all that it is told. */
export class RecordingFeed implements Feed {
  /** Since the last reset. */
  readonly stored: StoredEvent[] = [];
  readonly resets: Page[] = [];
  readonly signals: string[] = [];
  /** Member id → names, one for each relay that counts the member. */
  readonly #members = new Map<string, string[]>();
  readonly #condition = new Condition();

  get offsets(): readonly number[] {
    return this.stored.map(({ offset }) => offset);
  }

  /** The names of those who are there, a name for each relay that counts them. */
  get names(): readonly string[] {
    return [...this.#members.values()].flat().toSorted();
  }

  events(events: readonly StoredEvent[]): void {
    this.stored.push(...events);
    this.#condition.changed();
  }

  reset(page: Page): void {
    this.resets.push(page);
    this.stored.length = 0;
    this.#condition.changed();
  }

  signal(text: string): void {
    this.signals.push(text);
    this.#condition.changed();
  }

  members({ joined, left }: MembersChange): void {
    for (const id of left) {
      const names = this.#members.get(id) ?? [];
      if (names.shift() === undefined) throw new Error(`${id} leaves and was not there`);
    }
    for (const { id, name } of joined) this.#members.set(id, [...(this.#members.get(id) ?? []), name]);
    this.#condition.changed();
  }

  /** Resolves once the event at an offset was fed, or lies in a log that replaced what was fed. */
  async reaches(offset: number): Promise<void> {
    const isThere = (events: readonly StoredEvent[] = []): boolean => events.some((event) => event.offset === offset);
    await this.#condition.until(() => isThere(this.stored) || isThere(this.resets.at(-1)?.events) || undefined);
  }

  /** Resolves once the log has been replaced so often. */
  async hasReset(times: number): Promise<void> {
    await this.#condition.until(() => this.resets.length >= times || undefined);
  }

  async hears(signal: string): Promise<void> {
    await this.#condition.until(() => this.signals.includes(signal) || undefined);
  }

  /** Resolves once exactly these are there. */
  async sees(...names: readonly string[]): Promise<void> {
    const wanted = JSON.stringify(names.toSorted());
    await this.#condition.until(() => JSON.stringify(this.names) === wanted || undefined);
  }
}
