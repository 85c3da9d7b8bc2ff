// `npm run chaos`: things go wrong by a seed, and what everybody saw is checked afterwards. It prints the seed first and last,
// one line for each run, and ends with 1 where a promise was broken.
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figures, Finding } from './checker.ts';
import { check } from './checker.ts';
import { readHistory } from './history.ts';
import { temporaryDirectory } from './processes.ts';
import type { Profile } from './profiles.ts';
import { PROFILES, profileOf } from './profiles.ts';
import { CROWD_HELP, crowd } from './run-crowd.ts';
import type { Run } from './run-profile.ts';
import { runProfile } from './run-profile.ts';
import { Unavailable } from './unavailable.ts';

const HELP = `npm run chaos -- [options]

  --profile NAME     what goes wrong; may be given several times. Default: each in turn, but for the crowd
  --seconds 15       how long it goes wrong, for each profile; or --minutes
  --seed N           the seed of an earlier run: the same faults at the same times
  --runs 1           how often, with one seed after another
  --members 10000    of the profile crowd
  --keep DIR         where the histories are kept. Default: those of failed runs, in a temporary directory
  --check DIR        checks a history again
  --list             shows the profiles
  --verbose          tells each fault as it begins
`;
const MAX_SEED = 2 ** 31;
/** Findings that are printed; the rest are counted. */
const MAX_TOLD = 20;
/** A profile of its own kind: its faults follow no seed. */
const CROWD = 'crowd';

const { values } = parseArgs({
  options: {
    profile: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '15' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    runs: { type: 'string', default: '1' },
    members: { type: 'string', default: '10000' },
    keep: { type: 'string' },
    check: { type: 'string' },
    list: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  if (values.help) console.log(HELP);
  else if (values.list) list();
  else if (values.check !== undefined) return checkAgain(values.check);
  else return runAll();
  return 0;
}

function list(): void {
  for (const { name, help } of [...PROFILES, { name: CROWD, help: CROWD_HELP }]) console.log(`${name.padEnd(14)} ${help}`);
}

function checkAgain(directory: string): number {
  const { findings, figures } = check(readHistory(directory));
  console.log(figuresText(figures));
  return tell(findings);
}

async function runAll(): Promise<number> {
  const names = values.profile ?? [];
  const profiles = names.length === 0 ? PROFILES : names.filter((name) => name !== CROWD).map(profileOf);
  const first = values.seed === undefined ? randomInt(MAX_SEED) : Number(values.seed);
  const seconds = values.minutes === undefined ? Number(values.seconds) : Number(values.minutes) * 60;
  console.log(`--seed ${first} --seconds ${seconds}`);
  const seeds = Array.from({ length: Number(values.runs) }, (_, i) => first + i);
  const failed = await runEach(profiles, seeds, seconds * 1_000);
  if (names.includes(CROWD)) {
    const run = { members: Number(values.members), lengthMs: seconds * 1_000, signal: interrupted.signal };
    if ((await crowd(run)) > 0) failed.push(`--profile ${CROWD} --members ${values.members}`);
  }
  if (interrupted.signal.aborted) console.log('interrupted');
  for (const run of failed) console.log(`failed: ${run} --seconds ${seconds}`);
  if (failed.length === 0) console.log(`held: --seed ${first} --seconds ${seconds}`);
  return failed.length > 0 ? 1 : 0;
}

/** Resolves with what repeats the runs that failed. */
async function runEach(profiles: readonly Profile[], seeds: readonly number[], lengthMs: number): Promise<string[]> {
  const failed: string[] = [];
  for (const [seed, profile] of seeds.flatMap((seed) => profiles.map((profile) => [seed, profile] as const))) {
    if (interrupted.signal.aborted) break;
    if ((await runOne(profile, seed, lengthMs)) > 0) failed.push(`--profile ${profile.name} --seed ${seed}`);
  }
  return failed;
}

async function runOne(profile: Profile, seed: number, lengthMs: number): Promise<number> {
  const directory = values.keep === undefined ? temporaryDirectory() : join(values.keep, `${profile.name}-${seed}`);
  const onFault = (text: string): void => {
    if (values.verbose) console.log(`  ${text}`);
  };
  const run = await runWherePossible(profile, { seed, lengthMs, directory, onFault, signal: interrupted.signal });
  if (run instanceof Unavailable) {
    console.log(`${profile.name.padEnd(14)} left out: ${run.message}`);
    return 0;
  }
  const { findings, figures, faults } = run;
  console.log(`${profile.name.padEnd(14)} seed ${seed}: ${faults} faults, ${figuresText(figures)}`);
  if (interrupted.signal.aborted) return 0; // nothing was waited for
  const status = tell(findings);
  if (status > 0) console.log(`  its history: --check ${directory}`);
  else if (values.keep === undefined) rmSync(directory, { recursive: true, force: true });
  return status;
}

/** What this machine can't do is told, and holds up nothing else. */
async function runWherePossible(...run: Parameters<typeof runProfile>): Promise<Run | Unavailable> {
  try {
    return await runProfile(...run);
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
}

function figuresText({ sent, acknowledged, delivered, lost, doubled, outOfOrder, gapsAnnounced }: Figures): string {
  return `${sent} sent, ${acknowledged} acknowledged, ${delivered} delivered, ${lost} lost, ${doubled} doubled, ${outOfOrder} out of order, ${gapsAnnounced} gaps announced`;
}

/** Prints findings. 0 where there are none. */
function tell(findings: readonly Finding[]): number {
  for (const { kind, sentence } of findings.slice(0, MAX_TOLD)) console.log(`  ${kind}: ${sentence}`);
  if (findings.length > MAX_TOLD) console.log(`  and ${findings.length - MAX_TOLD} more`);
  return findings.length > 0 ? 1 : 0;
}
