// Histories in which nothing is wrong, to plant faults in.
import fc from 'fast-check';
import type { History, HistoryEntry, LoggedEvent } from '../../chaos/history.ts';

export interface Shape {
  readonly clients: number;
  /** Who sent each message. */
  readonly authors: readonly number[];
  /** The log is replaced after so many messages: what is left of it has another epoch. */
  readonly replacedAfter: number | undefined;
}

/** Some messages at least, so that each fault has a place. */
export const shapes: fc.Arbitrary<Shape> = fc.record({
  clients: fc.integer({ min: 2, max: 5 }),
  authors: fc.array(fc.nat(), { minLength: 4, maxLength: 30 }),
  replacedAfter: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
});

const nameOf = (client: number): string => `client ${client}`;

/** Everyone sees each message in turn, its author is told where it is, and all are there at the end. */
export function legalHistory({ clients, authors, replacedAfter }: Shape): History {
  const everyone = Array.from({ length: clients }, (_, i) => nameOf(i));
  const entries: HistoryEntry[] = [];
  const log: LoggedEvent[] = [];
  let epoch = 'first';
  for (const [i, author] of authors.entries()) {
    if (i === replacedAfter) {
      epoch = 'second';
      log.pop(); // what was acknowledged last is gone with the epoch
      for (const client of everyone) entries.push({ type: 'discontinuity', client, reason: 'epoch' });
    }
    const client = nameOf(author % clients);
    const event = { offset: log.length + 1, key: `key ${i}`, text: `message ${i}` };
    entries.push({ type: 'sent', client, key: event.key, text: event.text });
    log.push(event);
    entries.push({ type: 'acknowledged', client, key: event.key, epoch, offset: event.offset });
    for (const reader of everyone) entries.push({ type: 'seen', client: reader, epoch, ...event });
  }
  const members = everyone.map((client) => `member ${client}`);
  for (const client of everyone) entries.push({ type: 'end', client, state: 'live', member: `member ${client}`, members });
  entries.push({ type: 'log', epoch, events: log });
  return { expectation: { mayReplaceLog: replacedAfter !== undefined, keepsOrder: true }, entries };
}
