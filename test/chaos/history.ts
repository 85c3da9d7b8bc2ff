// What happened in a run, as those saw it who took part: one JSON object a line, so that a run can be checked again later.
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An event of the log, by what must not differ between those who see it. */
export interface LoggedEvent {
  readonly offset: number;
  readonly key: string;
  readonly text: string;
}

/** `client` names who noted it. Entries of one client stand in the order in which it noted them. */
export type HistoryEntry =
  | { readonly type: 'sent'; readonly client: string; readonly key: string; readonly text: string }
  | {
      readonly type: 'acknowledged';
      readonly client: string;
      readonly key: string;
      readonly epoch: string;
      readonly offset: number;
    }
  | { readonly type: 'refused'; readonly client: string; readonly key: string; readonly code: string }
  | ({ readonly type: 'seen'; readonly client: string; readonly epoch: string } & LoggedEvent)
  /** The client was told that its log does not go on from where it was. */
  | { readonly type: 'discontinuity'; readonly client: string; readonly reason: string }
  /** How a client stands when all is over. `members` are the ids that it says are in the room. */
  | {
      readonly type: 'end';
      readonly client: string;
      readonly state: string;
      readonly member: string;
      readonly members: readonly string[];
    }
  /** The log as it was read at the end, by somebody who had seen nothing before. */
  | { readonly type: 'log'; readonly epoch: string; readonly events: readonly LoggedEvent[] };

/** What may happen in a run beside what always may. */
export interface Expectation {
  /** The log may be replaced by another, or by what is left of it: then what was acknowledged may be missing, if its epoch is gone. */
  readonly mayReplaceLog: boolean;
  /** Messages of one client stand in the log in the order in which they were sent: not so where a store refused some of them. */
  readonly keepsOrder: boolean;
}

export interface History {
  readonly expectation: Expectation;
  readonly entries: readonly HistoryEntry[];
}

const ENTRIES_FILE = 'history.jsonl';
const EXPECTATION_FILE = 'expectation.json';

/** Notes entries in memory for the checker, and in a directory for whoever looks later. */
export class HistoryRecorder {
  readonly entries: HistoryEntry[] = [];
  readonly #file;
  readonly #expectation: Expectation;
  #isClosed = false;

  constructor(directory: string, expectation: Expectation) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, EXPECTATION_FILE), JSON.stringify(expectation));
    this.#expectation = expectation;
    this.#file = createWriteStream(join(directory, ENTRIES_FILE));
  }

  /** Notes nothing any more once it is closed: clients leave after that. */
  note(entry: HistoryEntry): void {
    if (this.#isClosed) return;
    this.entries.push(entry);
    this.#file.write(`${JSON.stringify(entry)}\n`);
  }

  /** Resolves once all of it is written. */
  async close(): Promise<History> {
    const wasClosed = this.#isClosed;
    this.#isClosed = true;
    if (!wasClosed) await new Promise<void>((resolve) => this.#file.end(resolve));
    return { expectation: this.#expectation, entries: this.entries };
  }
}

/** Reads what an earlier run has recorded. Throws a sentence where the directory holds no history. */
export function readHistory(directory: string): History {
  const file = join(directory, ENTRIES_FILE);
  if (!existsSync(file)) throw new Error(`There is no ${ENTRIES_FILE} in ${directory}: name the directory of a recorded run.`);
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return {
    expectation: JSON.parse(readFileSync(join(directory, EXPECTATION_FILE), 'utf8')) as Expectation,
    entries: lines.map((line) => JSON.parse(line) as HistoryEntry),
  };
}
