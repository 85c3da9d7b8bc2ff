// `npm run fuzz`: mutated sessions against a real relay. It prints the seed first and last, and ends with 1 where the relay
// did what it may never do; the same seed and `--from` play the same cases again.
import { randomInt } from 'node:crypto';
import { ProgramOptions } from '../support/program-options.ts';
import type { FuzzFigures } from './fuzz.ts';
import { fuzz } from './fuzz.ts';
import { record } from './record.ts';
import { startFuzzedRelay } from './relay-under-fuzz.ts';

const HELP = `npm run fuzz -- [options]

  --frames 20000     frames and requests to send; 1000000 for the long run
  --transport uws    uws or ws
  --redis URL        a Redis that nobody else uses, instead of the embedded engine
  --seed N           the seed of an earlier run
  --from 0           its first case
  --record           records the corpus anew from sessions of the SDK, and ends
`;
const MAX_SEED = 2 ** 31;
/** Between two lines of progress, in frames. */
const TELL_EVERY = 50_000;

const options = new ProgramOptions(HELP, {
  frames: '20000',
  transport: 'uws',
  redis: undefined,
  seed: undefined,
  from: '0',
  record: false,
});
await run(options.oneOf('transport', ['uws', 'ws']));

async function run(transport: 'uws' | 'ws'): Promise<void> {
  const redis = options.text('redis');
  const relay = await startFuzzedRelay({ transport, args: redis === undefined ? [] : ['--redis', redis] });
  try {
    if (options.isSet('record')) await record(relay, process.cwd());
    else process.exitCode = await fuzzed(relay, transport);
  } finally {
    await relay.stop();
  }
}

async function fuzzed(relay: Parameters<typeof fuzz>[0], transport: string): Promise<number> {
  const [seed, frames, from] = [
    options.number('seed') ?? randomInt(MAX_SEED),
    options.number('frames') ?? 0,
    options.number('from') ?? 0,
  ];
  const again = `--seed ${seed} --transport ${transport}`;
  console.log(`${again}: ${frames} frames from case ${from} on`);
  const started = performance.now();
  let toldAt = 0;
  const onLook = (figures: FuzzFigures): void => {
    if (figures.frames - toldAt < TELL_EVERY) return;
    toldAt = figures.frames;
    console.log(sentence(figures));
  };
  try {
    const figures = await fuzz(relay, { seed, frames, from, onLook });
    console.log(sentence(figures));
    console.log(`refusals: ${JSON.stringify(figures.refusals)}`);
    console.log(`held, in ${Math.round((performance.now() - started) / 1_000)} s: ${again}`);
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    console.error(`failed: ${again}`);
    return 1;
  }
}

function sentence({ frames, cases, memoryMiB: { first, peak, last } }: FuzzFigures): string {
  return `${frames} frames in ${cases} cases; memory ${first.toFixed(0)} MiB at first, ${peak.toFixed(0)} at most, ${last.toFixed(0)} now`;
}
