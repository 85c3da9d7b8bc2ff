// What the page tells about itself. Workers and servers have no page: there nothing is ever hidden.

/**
 * `wake`   the page may have slept: the socket may be dead without a word.
 * `doubt`  the platform believes the network is gone. It is often wrong, so it is only asked about.
 * `hide`   nobody looks at the page.
 * `freeze` the page goes away, perhaps to come back from the back/forward cache, which an open socket would prevent.
 */
export type LifecycleSignal = 'wake' | 'doubt' | 'hide' | 'freeze';

export interface Lifecycle {
  isHidden(): boolean;
  /** Returns a function that stops listening. */
  listen(listener: (signal: LifecycleSignal) => void): () => void;
}

interface Target {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
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
      const bindings: readonly (readonly [Target | undefined, string, () => void])[] = [
        [document, 'visibilitychange', () => listener(isHidden() ? 'hide' : 'wake')],
        // Chrome does not fire visibilitychange reliably when it thaws a page.
        [document, 'resume', () => listener('wake')],
        [page, 'pageshow', () => listener('wake')],
        [page, 'pagehide', () => listener('freeze')],
        [page, 'online', () => listener('wake')],
        [page, 'offline', () => listener('doubt')],
      ];
      for (const [target, type, handler] of bindings) target?.addEventListener?.(type, handler);
      return () => {
        for (const [target, type, handler] of bindings) target?.removeEventListener?.(type, handler);
      };
    },
  };
}
