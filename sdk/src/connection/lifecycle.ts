// What the page tells about itself. Workers and servers have no page: there nothing is ever hidden.

/**
 * `wake`   the page may have slept: the socket may be dead without a word.
 * `doubt`  the platform believes the network is gone. It is often wrong, so it is only asked about.
 * `freeze` the page goes away, perhaps to come back from the back/forward cache, which an open socket would prevent.
 */
export type LifecycleSignal = 'wake' | 'doubt' | 'freeze';

export interface Lifecycle {
  /** True while nobody can see the page: then it does not dial. */
  isHidden(): boolean;
  /** Returns a function that stops listening. */
  listen(listener: (signal: LifecycleSignal) => void): () => void;
}

interface Target {
  addEventListener?(type: string, listener: () => void, options: { readonly signal: AbortSignal }): void;
}

interface Page extends Target {
  readonly document?: Target & { readonly visibilityState: string };
}

/** The page's lifecycle where there is one. */
export function pageLifecycle(page: Page = globalThis as Page): Lifecycle {
  const { document } = page;
  const isHidden = (): boolean => document?.visibilityState === 'hidden';
  return {
    isHidden,
    listen(listener) {
      const ending = new AbortController();
      const on = (target: Target | undefined, type: string, signal: LifecycleSignal): void =>
        target?.addEventListener?.(type, () => listener(signal), ending);
      on(document, 'visibilitychange', 'wake'); // while hidden, waking changes nothing but that the socket is asked
      on(document, 'resume', 'wake'); // Chrome does not fire visibilitychange reliably when it thaws a page
      on(page, 'pageshow', 'wake');
      on(page, 'pagehide', 'freeze');
      on(page, 'online', 'wake');
      on(page, 'offline', 'doubt');
      return () => ending.abort();
    },
  };
}
