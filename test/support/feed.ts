import type { Feed } from '../../relay/src/engine/engine.ts';

/** A feed that heeds what a test names, and nothing else. */
export function feedOf(heeded: Partial<Feed> = {}): Feed {
  const ignore = (): void => undefined;
  return { events: ignore, reset: ignore, signal: ignore, members: ignore, ...heeded };
}
