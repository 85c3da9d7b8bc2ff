// A clock that stands still until a test moves it: no test waits, and none depends on how fast a machine is.

interface Timer {
  readonly id: number;
  readonly due: number;
  readonly run: () => void;
}

export interface TestClock {
  /** Moves on, and runs what falls due on the way, in order. */
  advance(ms: number): void;
  restore(): void;
}

/** Takes the place of `setTimeout` and `clearTimeout` until restored. */
export function stopClock(): TestClock {
  const { setTimeout: realSet, clearTimeout: realClear } = globalThis;
  let now = 0;
  let lastId = 0;
  let timers: Timer[] = [];
  const set = (run: () => void, ms = 0): number => {
    lastId++;
    timers.push({ id: lastId, due: now + ms, run });
    return lastId;
  };
  const clear = (id: number | undefined): void => {
    timers = timers.filter((timer) => timer.id !== id);
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });

  const next = (until: number): Timer | undefined =>
    timers.filter(({ due }) => due <= until).reduce<Timer | undefined>((a, b) => (a && a.due <= b.due ? a : b), undefined);

  return {
    advance: (ms) => {
      const until = now + ms;
      for (let timer = next(until); timer; timer = next(until)) {
        now = timer.due;
        clear(timer.id);
        timer.run();
      }
      now = until;
    },
    restore: () => Object.assign(globalThis, { setTimeout: realSet, clearTimeout: realClear }),
  };
}
