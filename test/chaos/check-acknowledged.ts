import type { EntryOf, Evidence, Finding } from './checker.ts';
import type { LoggedEvent } from './history.ts';

/** What was acknowledged is where it was said to be; what was not is answered some time. */
export function checkAcknowledged(evidence: Evidence): Finding[] {
  return [...checkAnswers(evidence), ...checkPlaces(evidence), ...(evidence.expectation.keepsOrder ? checkOrder(evidence) : [])];
}

function checkAnswers({ sent, acknowledged, refused, ends }: Evidence): Finding[] {
  const answered = new Set([...acknowledged.map(({ key }) => key), ...refused.keys()]);
  const there = new Set(ends.map(({ client }) => client));
  return [...sent.values()]
    .filter(({ key, client }) => there.has(client) && !answered.has(key))
    .map(({ client, text }) => ({
      kind: 'unanswered',
      sentence: `${client} sent "${text}", and was never told what became of it.`,
    }));
}

function checkPlaces({ acknowledged, refused, log, expectation }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const byKey = new Map<string, LoggedEvent>(log.events.map((event) => [event.key, event]));
  const places = new Map<string, EntryOf<'acknowledged'>>();
  for (const entry of acknowledged) {
    const { client, key, epoch, offset } = entry;
    const before = places.get(key);
    if (before?.epoch === epoch && before.offset !== offset) {
      const sentence = `${client} was told that ${key} is stored at ${before.offset}, and that it is at ${offset}.`;
      findings.push({ kind: 'two offsets', sentence });
    }
    places.set(key, entry);
    const stored = byKey.get(key);
    const wrong = epoch === log.epoch ? misplaced(entry, stored) : replaced(entry, stored, expectation.mayReplaceLog);
    if (wrong) findings.push(wrong);
  }
  for (const { client, key, code } of refused.values()) {
    if (!byKey.has(key) || code === 'storage_unavailable') continue;
    findings.push({ kind: 'phantom', sentence: `${client} was refused ${key} with ${code}, and it is in the log.` });
  }
  return findings;
}

function misplaced({ client, key, offset }: EntryOf<'acknowledged'>, stored: LoggedEvent | undefined): Finding | undefined {
  if (stored === undefined)
    return { kind: 'lost', sentence: `${client} was told that ${key} is stored at ${offset}; it is not in the log.` };
  if (stored.offset === offset) return undefined;
  const sentence = `${client} was told that ${key} is stored at ${offset}; in the log it is at ${stored.offset}.`;
  return { kind: 'two offsets', sentence };
}

/** The log has another epoch since. What of it is gone was announced by that, if it may go at all. */
function replaced(
  { client, key, epoch, offset }: EntryOf<'acknowledged'>,
  stored: LoggedEvent | undefined,
  mayReplaceLog: boolean,
): Finding | undefined {
  if (mayReplaceLog || stored !== undefined) return undefined;
  return {
    kind: 'lost',
    sentence: `${client} was told that ${key} is stored at ${epoch}:${offset}; the log has another epoch and lacks it.`,
  };
}

/** PUB7: what one client sent stands in the order in which it was sent. */
function checkOrder({ sent, log }: Evidence): Finding[] {
  const orders = new Map<string, number>([...sent.keys()].map((key, order) => [key, order]));
  const newest = new Map<string, LoggedEvent>();
  const findings: Finding[] = [];
  for (const event of log.events) {
    const client = sent.get(event.key)?.client;
    if (client === undefined) continue; // a phantom, which is told elsewhere
    const before = newest.get(client);
    if (before !== undefined && (orders.get(before.key) ?? 0) > (orders.get(event.key) ?? 0)) {
      const sentence = `${client} sent "${event.text}" before "${before.text}", and it is stored behind it, at ${event.offset}.`;
      findings.push({ kind: 'overtaken', sentence });
    } else newest.set(client, event);
  }
  return findings;
}
