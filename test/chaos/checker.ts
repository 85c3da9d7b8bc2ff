// Reads a history and says what in it breaks a promise. Pure: it trusts nothing but what clients noted, and the log as it was
// read at the end.
import { checkAcknowledged } from './check-acknowledged.ts';
import { checkPresence } from './check-presence.ts';
import { checkReader } from './check-reader.ts';
import type { History, HistoryEntry, LoggedEvent } from './history.ts';

export type FindingKind =
  | 'lost'
  | 'doubled'
  | 'swapped'
  | 'phantom'
  | 'silent gap'
  | 'two offsets'
  | 'unannounced epoch'
  | 'overtaken'
  | 'unanswered'
  | 'not live'
  | 'presence'
  | 'no log'
  /** A process ended that nobody had ended. */
  | 'crash';

export interface Finding {
  readonly kind: FindingKind;
  /** One sentence that says who saw what. */
  readonly sentence: string;
}

export type EntryOf<T extends HistoryEntry['type']> = Extract<HistoryEntry, { readonly type: T }>;

/** A history, sorted by what the checks ask for. */
export interface Evidence {
  readonly expectation: History['expectation'];
  readonly sent: ReadonlyMap<string, EntryOf<'sent'>>;
  readonly acknowledged: readonly EntryOf<'acknowledged'>[];
  readonly refused: ReadonlyMap<string, EntryOf<'refused'>>;
  /** By client, in the order in which it noted them. */
  readonly readers: ReadonlyMap<string, readonly (EntryOf<'seen'> | EntryOf<'discontinuity'>)[]>;
  readonly ends: readonly EntryOf<'end'>[];
  readonly log: EntryOf<'log'>;
}

export interface Figures {
  readonly sent: number;
  readonly acknowledged: number;
  /** Messages that clients saw, each counted at each client. */
  readonly delivered: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  readonly gapsAnnounced: number;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly figures: Figures;
}

const KINDS_LOST: readonly FindingKind[] = ['lost', 'silent gap'];
const KINDS_DOUBLED: readonly FindingKind[] = ['doubled', 'two offsets'];
const KINDS_DISORDERED: readonly FindingKind[] = ['swapped', 'overtaken'];

/** Whether a history keeps every promise, and which it breaks. */
export function check(history: History): Verdict {
  const evidence = sort(history);
  const findings = evidence === undefined ? [NO_LOG] : findingsOf(evidence);
  const count = (kinds: readonly FindingKind[]): number => findings.filter(({ kind }) => kinds.includes(kind)).length;
  const entries = (type: HistoryEntry['type']): number => history.entries.filter((entry) => entry.type === type).length;
  return {
    findings,
    figures: {
      sent: entries('sent'),
      acknowledged: entries('acknowledged'),
      delivered: entries('seen'),
      lost: count(KINDS_LOST),
      doubled: count(KINDS_DOUBLED),
      outOfOrder: count(KINDS_DISORDERED),
      gapsAnnounced: entries('discontinuity'),
    },
  };
}

const NO_LOG: Finding = { kind: 'no log', sentence: 'The log was not read at the end: nothing can be compared with it.' };

function findingsOf(evidence: Evidence): Finding[] {
  const events = new EventsByPosition(evidence);
  return [
    ...checkLog(evidence, events),
    ...[...evidence.readers].flatMap(([client, noted]) => checkReader(client, noted, evidence, events)),
    ...checkAcknowledged(evidence),
    ...checkPresence(evidence),
  ];
}

function sort({ entries, expectation }: History): Evidence | undefined {
  const of = <T extends HistoryEntry['type']>(type: T): EntryOf<T>[] =>
    entries.filter((entry): entry is EntryOf<T> => entry.type === type);
  const log = of('log').at(-1);
  if (log === undefined) return undefined;
  const readers = new Map<string, (EntryOf<'seen'> | EntryOf<'discontinuity'>)[]>();
  const noted = (client: string): (EntryOf<'seen'> | EntryOf<'discontinuity'>)[] => {
    const before = readers.get(client) ?? [];
    readers.set(client, before);
    return before;
  };
  for (const entry of entries) if (entry.type === 'seen' || entry.type === 'discontinuity') noted(entry.client).push(entry);
  for (const { client } of of('end')) noted(client); // who has seen nothing has to be judged as well
  return {
    expectation,
    sent: new Map(of('sent').map((entry) => [entry.key, entry])),
    acknowledged: of('acknowledged'),
    refused: new Map(of('refused').map((entry) => [entry.key, entry])),
    readers,
    ends: of('end'),
    log,
  };
}

/** Which event stands at which position, as the first said who saw it: whoever comes later must agree. */
export class EventsByPosition {
  readonly #events = new Map<string, LoggedEvent & { readonly by: string }>();
  readonly #evidence: Evidence;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
  }

  /** What is wrong with an event that somebody saw. */
  judge(by: string, epoch: string, event: LoggedEvent): Finding | undefined {
    const place = `${epoch}:${event.offset}`;
    const { sent, log } = this.#evidence;
    const original = sent.get(event.key);
    if (original?.text !== event.text) {
      const sentence = `${by} has "${event.text}" (key ${event.key}) at ${place}, which nobody sent.`;
      return { kind: 'phantom', sentence };
    }
    const first = this.#events.get(place);
    if (first === undefined) {
      this.#events.set(place, { ...event, by });
      if (epoch !== log.epoch || log.events.includes(event)) return undefined;
      return { kind: 'lost', sentence: `${by} has "${event.text}" at ${place}, which the log lacks.` };
    }
    if (first.key !== event.key) {
      const sentence = `At ${place} ${by} has "${event.text}" and ${first.by} has "${first.text}".`;
      return { kind: 'swapped', sentence };
    }
    return undefined;
  }
}

function checkLog({ log: { epoch, events } }: Evidence, positions: EventsByPosition): Finding[] {
  const findings: Finding[] = [];
  const places = new Map<string, number>();
  const [first] = events;
  if (first && first.offset !== 1) findings.push({ kind: 'lost', sentence: `The log begins at ${first.offset}.` });
  for (const [i, event] of events.entries()) {
    const wrong = positions.judge('the log', epoch, event);
    if (wrong) findings.push(wrong);
    const before = events[i - 1];
    if (before && event.offset !== before.offset + 1)
      findings.push({ kind: 'silent gap', sentence: `In the log, ${event.offset} follows ${before.offset}.` });
    const place = places.get(event.key);
    if (place !== undefined) {
      const sentence = `"${event.text}" (key ${event.key}) is stored twice, at ${place} and at ${event.offset}.`;
      findings.push({ kind: 'doubled', sentence });
    }
    places.set(event.key, event.offset);
  }
  return findings;
}
