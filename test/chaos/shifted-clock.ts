// A clock that jumps: a module that a relay's process loads before the relay, and that moves what `Date` says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VARIABLE = 'CHAOS_CLOCK_FILE';

/** Runs in the relay's process: it reads the shift when it starts, and when it is told to. */
const MODULE = `
import { readFileSync } from 'node:fs';
const RealDate = Date;
let shiftMs = 0;
const read = () => { shiftMs = Number(readFileSync(process.env['${VARIABLE}'], 'utf8')); };
globalThis.Date = class Date extends RealDate {
  constructor(...args) { super(...(args.length === 0 ? [RealDate.now() + shiftMs] : args)); }
  static now() { return RealDate.now() + shiftMs; }
};
process.on('SIGUSR2', read);
read();
`;

export class ShiftedClock {
  readonly #directory = mkdtempSync(join(tmpdir(), 'chat-room-chaos-'));
  readonly #file = join(this.#directory, 'shift');

  constructor() {
    this.shift(0);
  }

  /** What a relay's environment needs, so that its clock can be moved. */
  get env(): Readonly<Record<string, string>> {
    return {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(MODULE)}`,
      [VARIABLE]: this.#file,
    };
  }

  /** What clocks say from their next SIGUSR2 on: that much more than it is. */
  shift(byMs: number): void {
    writeFileSync(this.#file, String(byMs));
  }

  dispose(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
