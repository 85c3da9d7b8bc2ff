import type { EntryOf, EventsByPosition, Evidence, Finding } from './checker.ts';

/** What is wrong with what one client saw: by itself, against what others saw, and against the log at the end. */
export function checkReader(
  client: string,
  noted: readonly (EntryOf<'seen'> | EntryOf<'discontinuity'>)[],
  evidence: Evidence,
  positions: EventsByPosition,
): Finding[] {
  const findings: Finding[] = [];
  const keys = new Map<string, EntryOf<'seen'>>();
  let last: EntryOf<'seen'> | undefined;
  /** True until the first event of the log that one was told goes on here: before that nothing has to precede it. */
  let begins = false;
  for (const entry of noted) {
    if (entry.type === 'discontinuity') {
      if (!evidence.expectation.mayReplaceLog) {
        const sentence = `${client} was told that the log is lost (${entry.reason}), and nothing in this run may lose it.`;
        findings.push({ kind: 'lost', sentence });
      }
      begins = true;
      keys.clear(); // what it held is void: it may be told anew
      continue;
    }
    const wrong =
      positions.judge(client, entry.epoch, entry) ??
      (begins ? undefined : (doubled(client, entry, keys, last) ?? step(client, entry, last)));
    if (wrong) findings.push(wrong);
    keys.set(entry.key, entry);
    last = entry;
    begins = false;
  }
  return [...findings, ...checkEnd(client, last, begins, evidence)];
}

function doubled(
  client: string,
  { epoch, offset, key, text }: EntryOf<'seen'>,
  keys: ReadonlyMap<string, EntryOf<'seen'>>,
  last: EntryOf<'seen'> | undefined,
): Finding | undefined {
  const before = keys.get(key);
  if (before !== undefined) {
    return { kind: 'doubled', sentence: `${client} saw "${text}" (key ${key}) twice, at ${before.offset} and at ${offset}.` };
  }
  if (last?.epoch !== epoch || offset > last.offset) return undefined;
  return { kind: 'swapped', sentence: `${client} saw ${epoch}:${offset} after ${last.offset}.` };
}

function step(client: string, { epoch, offset }: EntryOf<'seen'>, last: EntryOf<'seen'> | undefined): Finding | undefined {
  if (last === undefined) {
    if (offset === 1) return undefined;
    return { kind: 'silent gap', sentence: `${client} was there before the first message, and saw ${offset} as the first.` };
  }
  if (last.epoch !== epoch) {
    const sentence = `${client} went from epoch ${last.epoch} to ${epoch}, and was not told.`;
    return { kind: 'unannounced epoch', sentence };
  }
  if (offset === last.offset + 1) return undefined;
  return { kind: 'silent gap', sentence: `${client} saw ${offset} after ${last.offset}, and was not told of a gap.` };
}

/** Who is live has all of the log, up to its end. */
function checkEnd(client: string, last: EntryOf<'seen'> | undefined, begins: boolean, { ends, log }: Evidence): Finding[] {
  const end = ends.find((entry) => entry.client === client);
  if (end === undefined) return []; // it left before the end
  if (end.state !== 'live') return [{ kind: 'not live', sentence: `${client} did not come back: its room is ${end.state}.` }];
  const newest = log.events.at(-1);
  if (newest === undefined) return [];
  const reached = last?.epoch === log.epoch && !begins ? last.offset : undefined;
  if (reached !== undefined && reached >= newest.offset) return [];
  const place = reached === undefined ? 'nothing of it' : `the events up to ${reached}`;
  return [{ kind: 'lost', sentence: `${client} is live and has ${place}, where the log ends at ${newest.offset}.` }];
}
