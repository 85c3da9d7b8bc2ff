// One run: people chat, things go wrong, at the end all is well again, and then the history is checked.

import { Random } from '../fuzz/random.ts';
import { Condition } from '../support/condition.ts';
import { Chatter, readLog } from './chatter.ts';
import type { Finding, Verdict } from './checker.ts';
import { check } from './checker.ts';
import type { History } from './history.ts';
import { HistoryRecorder } from './history.ts';
import type { Profile } from './profiles.ts';
import type { Fault, TimedFault } from './schedule.ts';
import { faultText, scheduleOf } from './schedule.ts';
import { Stage } from './stage.ts';
import { Waits } from './waits.ts';

export interface RunOptions {
  readonly seed: number;
  /** How long things go wrong. */
  readonly lengthMs: number;
  /** Where the history is written. */
  readonly directory: string;
  readonly signal?: AbortSignal;
  /** Told each fault as it begins. */
  readonly onFault?: ((text: string) => void) | undefined;
}

export interface Run extends Verdict {
  readonly faults: number;
}

const CHATTERS = 6;
const SEND_EVERY_MS = 60;
const TEXT_BYTES = 40;
/** Everyone is back, has everything and sees everyone within this time after the last fault. PRE5 allows presence as much. */
const BOUND_MS = 60_000;
/** Streams of random numbers of one seed: tracks take the first ones. */
const CHATTER_STREAM = 100;

export async function runProfile(profile: Profile, { seed, lengthMs, directory, signal, onFault }: RunOptions): Promise<Run> {
  const waits = new Waits(signal);
  const recorder = new HistoryRecorder(directory, profile.expectation);
  const stage = await Stage.build(profile, waits.wait);
  const changed = new Condition();
  const chatters: Chatter[] = [];
  try {
    const { ports } = stage;
    for (let i = 0; i < CHATTERS; i++) {
      const port = ports[i % ports.length] ?? 0;
      const textBytes = profile.textBytes ?? TEXT_BYTES;
      const note: Note = (entry) => recorder.note(entry);
      chatters.push(await Chatter.join({ name: `c${i}`, port, textBytes, note, onChange: () => changed.changed() }));
    }
    const schedule = scheduleOf(profile.tracks, seed, lengthMs);
    await rage(stage, chatters, schedule, { seed, lengthMs, waits, onFault });
    await calm(chatters, changed, waits);
    for (const chatter of chatters) chatter.noteEnd();
    // Of a relay that has ended by itself nothing can be read; that it has is finding enough.
    if (stage.crashes.length === 0) recorder.note(await readLog(ports[0] ?? 0));
    return verdictOf(await recorder.close(), stage.crashes, schedule.length);
  } finally {
    for (const chatter of chatters) await chatter.leave();
    await stage.dispose();
    await recorder.close();
    waits.end();
  }
}

type Note = (entry: History['entries'][number]) => void;

interface Rage extends Pick<RunOptions, 'seed' | 'lengthMs' | 'onFault'> {
  readonly waits: Waits;
}

/** Everyone chats while one thing after another goes wrong. Resolves when nothing goes wrong any more. */
async function rage(
  stage: Stage,
  chatters: readonly Chatter[],
  schedule: readonly TimedFault[],
  { seed, lengthMs, waits, onFault }: Rage,
): Promise<void> {
  const over = new AbortController();
  const talks = chatters.map((chatter, i) =>
    chatter.chat(new Random(seed, CHATTER_STREAM + i), SEND_EVERY_MS, waits.wait, over.signal),
  );
  const begunMs = performance.now();
  const suffer = async (fault: Fault): Promise<void> => {
    onFault?.(`${((performance.now() - begunMs) / 1_000).toFixed(1)} s: ${faultText(fault)}`);
    if (fault.type === 'stall client') await chatters[fault.client % chatters.length]?.stall(waits.wait, fault.lastsMs);
    else await stage.suffer(fault);
  };
  try {
    const ends = new Map<number, Promise<void>>();
    for (const { atMs, track, fault } of schedule) {
      const before = ends.get(track);
      const next = Promise.all([waits.wait(atMs), before]).then(() => (waits.isOver ? undefined : suffer(fault)));
      ends.set(track, next);
    }
    await Promise.all([waits.wait(lengthMs), ...ends.values()]);
  } finally {
    over.abort();
  }
  await Promise.all(talks);
}

/** Everyone says a last word, and waits until all have heard it and see each other. Gives up where that takes too long. */
async function calm(chatters: readonly Chatter[], changed: Condition, waits: Waits): Promise<void> {
  const done = async (): Promise<void> => {
    await changed.until(() => chatters.every(({ pending }) => pending === 0) || undefined);
    let last: string | undefined;
    for (const chatter of chatters) last = (await chatter.say()) ?? last;
    const isQuiet = (): boolean => {
      const all = chatters.map(({ member }) => member).toSorted();
      return chatters.every(
        ({ isLive, newest, members }) => isLive && newest === last && members.toSorted().join() === all.join(),
      );
    };
    await changed.until(() => isQuiet() || undefined);
  };
  await Promise.race([done(), waits.wait(BOUND_MS)]);
}

function verdictOf(history: History, crashes: readonly string[], faults: number): Run {
  const { findings, figures } = check(history);
  const ends = crashes.map((sentence): Finding => ({ kind: 'crash', sentence }));
  return { findings: [...ends, ...findings], figures, faults };
}
