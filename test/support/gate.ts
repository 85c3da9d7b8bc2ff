/** A place in a test's code where work waits until the test lets it go on. */
export class Gate {
  readonly opened: Promise<void>;
  /** Resolves once the work has come so far. */
  readonly entered: Promise<void>;
  open: () => void = () => undefined;
  enter: () => void = () => undefined;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
    this.entered = new Promise((resolve) => {
      this.enter = resolve;
    });
  }
}
