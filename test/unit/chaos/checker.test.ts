// The checker of `npm run chaos` is only worth what it catches: each fault is planted, by hand and at random.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../chaos/checker.ts';
import type { History, HistoryEntry } from '../../chaos/history.ts';
import { legalHistory, shapes } from './legal-history.ts';

const CLEAN = legalHistory({ clients: 3, authors: [0, 1, 2, 0, 1], replacedAfter: undefined });
const REPLACED = legalHistory({ clients: 3, authors: [0, 1, 2, 0, 1], replacedAfter: 3 });

type Change = (entry: HistoryEntry) => HistoryEntry | readonly HistoryEntry[] | undefined;

/** The history with each entry replaced by what the change makes of it: another, several, or none. */
function changed(history: History, change: Change): History {
  const entries = history.entries.flatMap((entry) => change(entry) ?? []);
  return { ...history, entries };
}

function sentencesOf(history: History): string[] {
  return check(history).findings.map(({ kind, sentence }) => `${kind}: ${sentence}`);
}

const isSeen = (entry: HistoryEntry, client: string, offset: number): boolean =>
  entry.type === 'seen' && entry.client === client && entry.offset === offset;

describe('a planted fault is caught, and said in words', () => {
  test.each<[string, History, Change, string]>([
    [
      'an acknowledged message that the log lacks',
      CLEAN,
      (entry) => (entry.type === 'log' ? { ...entry, events: entry.events.slice(0, -1) } : entry),
      'lost: client 1 was told that key 4 is stored at 5; it is not in the log.',
    ],
    [
      'a message that one client never saw',
      CLEAN,
      (entry) => (isSeen(entry, 'client 2', 5) ? undefined : entry),
      'lost: client 2 is live and has the events up to 4, where the log ends at 5.',
    ],
    [
      'a message that one client saw twice',
      CLEAN,
      (entry) => (isSeen(entry, 'client 2', 3) ? [entry, entry] : entry),
      'doubled: client 2 saw "message 2" (key key 2) twice, at 3 and at 3.',
    ],
    [
      'a message that is stored twice',
      CLEAN,
      (entry) =>
        entry.type === 'log' ? { ...entry, events: [...entry.events, { offset: 6, key: 'key 1', text: 'message 1' }] } : entry,
      'doubled: "message 1" (key key 1) is stored twice, at 2 and at 6.',
    ],
    [
      'two messages that one client saw the other way round',
      CLEAN,
      (entry) => {
        if (isSeen(entry, 'client 0', 2)) return { ...entry, key: 'key 2', text: 'message 2' } as HistoryEntry;
        if (isSeen(entry, 'client 0', 3)) return { ...entry, key: 'key 1', text: 'message 1' } as HistoryEntry;
        return entry;
      },
      'swapped: At first:2 client 0 has "message 2" and the log has "message 1".',
    ],
    [
      'a message that nobody sent',
      CLEAN,
      (entry) => (isSeen(entry, 'client 0', 2) ? ({ ...entry, text: 'boo' } as HistoryEntry) : entry),
      'phantom: client 0 has "boo" (key key 1) at first:2, which nobody sent.',
    ],
    [
      'a refused message that is in the log',
      CLEAN,
      (entry) =>
        entry.type === 'acknowledged' && entry.key === 'key 1'
          ? { type: 'refused', client: entry.client, key: entry.key, code: 'forbidden' }
          : entry,
      'phantom: client 1 was refused key 1 with forbidden, and it is in the log.',
    ],
    [
      'a gap that was not announced',
      CLEAN,
      (entry) => (isSeen(entry, 'client 1', 3) ? undefined : entry),
      'silent gap: client 1 saw 4 after 2, and was not told of a gap.',
    ],
    [
      'a first message that is missing',
      CLEAN,
      (entry) => (isSeen(entry, 'client 1', 1) ? undefined : entry),
      'silent gap: client 1 was there before the first message, and saw 2 as the first.',
    ],
    [
      'an acknowledgement that names another place',
      CLEAN,
      (entry) => (entry.type === 'acknowledged' && entry.key === 'key 1' ? [entry, { ...entry, offset: 4 }] : entry),
      'two offsets: client 1 was told that key 1 is stored at 2, and that it is at 4.',
    ],
    [
      'a send that was never answered',
      CLEAN,
      (entry) => (entry.type === 'acknowledged' && entry.key === 'key 3' ? undefined : entry),
      'unanswered: client 0 sent "message 3", and was never told what became of it.',
    ],
    [
      'a client that did not come back',
      CLEAN,
      (entry) => (entry.type === 'end' && entry.client === 'client 1' ? { ...entry, state: 'recovering' } : entry),
      'not live: client 1 did not come back: its room is recovering.',
    ],
    [
      'a member who has gone and is still seen',
      CLEAN,
      (entry) =>
        entry.type === 'end' && entry.client === 'client 1' ? { ...entry, members: [...entry.members, 'ghost'] } : entry,
      'presence: client 1 sees ghost, who is not there.',
    ],
    [
      'a member who is there and is not seen',
      CLEAN,
      (entry) => (entry.type === 'end' && entry.client === 'client 1' ? { ...entry, members: entry.members.slice(1) } : entry),
      'presence: client 1 does not see member client 0, who is there.',
    ],
    [
      'another epoch of which one client was not told',
      REPLACED,
      (entry) => (entry.type === 'discontinuity' && entry.client === 'client 2' ? undefined : entry),
      'unannounced epoch: client 2 went from epoch first to second, and was not told.',
    ],
    [
      'a log that nobody read',
      CLEAN,
      (entry) => (entry.type === 'log' ? undefined : entry),
      'no log: The log was not read at the end: nothing can be compared with it.',
    ],
  ])('%s', (_, history, change, sentence) => {
    expect(sentencesOf(history)).toEqual([]);
    expect(sentencesOf(changed(history, change))).toContain(sentence);
  });

  test('a log that is replaced where nothing may replace it', () => {
    const strict = { ...REPLACED, expectation: { ...REPLACED.expectation, mayReplaceLog: false } };
    expect(sentencesOf(strict)).toContain(
      'lost: client 0 was told that the log is lost (epoch), and nothing in this run may lose it.',
    );
    expect(sentencesOf(strict)).toContain(
      'lost: client 2 was told that key 2 is stored at first:3; the log has another epoch and lacks it.',
    );
  });

  test('a message of one client that is stored before an earlier one', () => {
    const sent = CLEAN.entries.filter(({ type }) => type === 'sent').toReversed();
    const history = { ...CLEAN, entries: [...sent, ...CLEAN.entries.filter(({ type }) => type !== 'sent')] };
    expect(sentencesOf(history)).toContain(
      'overtaken: client 0 sent "message 3" before "message 0", and it is stored behind it, at 4.',
    );
  });
});

test('what happened is counted', () => {
  expect(check(REPLACED).figures).toEqual({
    sent: 5,
    acknowledged: 5,
    delivered: 15,
    lost: 0,
    doubled: 0,
    outOfOrder: 0,
    gapsAnnounced: 3,
  });
});

/** Where the log is replaced, what was seen right before or behind that may be missing: it is void. */
const NEEDS: Record<string, (isReplaced: boolean) => boolean> = {
  'a reader misses one': (isReplaced) => !isReplaced,
  'an announcement is missing': (isReplaced) => isReplaced,
};

/** Each plants one fault somewhere: `at` says where. */
const mutations: Record<string, (history: History, at: number) => History> = {
  'a reader misses one': (history, at) => without(history, 'seen', at),
  'a reader sees one twice': (history, at) => replaceNth(history, 'seen', at, (entry) => [entry, entry]),
  'a reader sees another text': (history, at) =>
    replaceNth(history, 'seen', at, (entry) => [{ ...entry, text: 'boo' } as HistoryEntry]),
  'a reader sees it elsewhere': (history, at) =>
    replaceNth(history, 'seen', at, (entry) => (entry.type === 'seen' ? [{ ...entry, offset: entry.offset + 7 }] : [entry])),
  'an answer is missing': (history, at) => without(history, 'acknowledged', at),
  'nobody sent it': (history, at) => without(history, 'sent', at),
  'an announcement is missing': (history, at) => without(history, 'discontinuity', at),
  'a member is missing': (history, at) =>
    replaceNth(history, 'end', at, (entry) => (entry.type === 'end' ? [{ ...entry, members: entry.members.slice(1) }] : [entry])),
  'an event is missing in the log': (history, at) =>
    changed(history, (entry) =>
      entry.type === 'log' ? { ...entry, events: entry.events.filter((_, i) => i !== at % entry.events.length) } : entry,
    ),
};

function replaceNth(
  history: History,
  type: HistoryEntry['type'],
  at: number,
  change: (entry: HistoryEntry) => readonly HistoryEntry[],
): History {
  const all = history.entries.filter((entry) => entry.type === type);
  const chosen = all[at % Math.max(all.length, 1)];
  return changed(history, (entry) => (entry === chosen ? change(entry) : entry));
}

function without(history: History, type: HistoryEntry['type'], at: number): History {
  return replaceNth(history, type, at, () => []);
}

test('[P1] [P2] [P3] [P4] whatever legal happens, it finds nothing; whatever fault is planted, it finds something', () => {
  fc.assert(
    fc.property(shapes, fc.constantFrom(...Object.keys(mutations)), fc.nat(), (shape, name, at) => {
      const history = legalHistory(shape);
      expect(check(history).findings).toEqual([]);
      fc.pre(NEEDS[name]?.(shape.replacedAfter !== undefined) ?? true);
      expect(check(mutations[name]?.(history, at) ?? history).findings).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});
