/** How many publishes of one publisher may be under way at a time. One that came back makes room for the next. */
export class Window {
  readonly #size: number;
  #underWay = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether there was room for one more, which is then under way. */
  take(): boolean {
    if (this.#underWay >= this.#size) return false;
    this.#underWay += 1;
    return true;
  }

  /** One came back. One that was not under way, such as a publish delivered twice, makes no room. */
  give(): void {
    if (this.#underWay > 0) this.#underWay -= 1;
  }
}
