// `npm run soak`: a small town in a relay, for an hour by default. At the end everybody leaves, and it says whether what they
// used has returned to where it began, and whether the relay's memory has grown.
import { randomInt } from 'node:crypto';
import { startOpenRelay } from '../support/open-relay.ts';
import { ProgramOptions } from '../support/program-options.ts';
import type { Trend } from './slope.ts';
import type { Sample, SoakReport } from './soak.ts';
import { COUNTS, isBack, soak } from './soak.ts';

const HELP = `npm run soak -- [options]

  --minutes 60       how long people come and go
  --people 40        people with the SDK; a third as many others live beside them
  --transport uws    uws or ws
  --redis URL        a Redis that nobody else uses, instead of the embedded engine
  --seed N           the seed of an earlier run: the same people, at times that the machine decides
`;
const MAX_SEED = 2 ** 31;
/** A run that is shorter says nothing about memory: keys are kept for 10 minutes, and caches fill. */
const SHORTEST_MIN = 30;
/** Growth over the second half, as a part of the mean, above which memory is said to grow. */
const MAX_GROWTH = 0.1;

const options = new ProgramOptions(HELP, { minutes: '60', people: '40', transport: 'uws', redis: undefined, seed: undefined });
process.exitCode = await run(options.number('minutes') ?? 0, options.number('people') ?? 0);

async function run(minutes: number, people: number): Promise<number> {
  const seed = options.number('seed') ?? randomInt(MAX_SEED);
  const transport = options.oneOf('transport', ['uws', 'ws']);
  console.log(`--seed ${seed} --transport ${transport} --minutes ${minutes} --people ${people}`);
  const redis = options.text('redis');
  const args = redis === undefined ? [] : ['--redis', redis];
  const relay = await startOpenRelay({ transport, args });
  try {
    let toldMin = -1;
    const onSample = (sample: Sample): void => {
      if (Math.floor(sample.atMin) === toldMin) return;
      toldMin = Math.floor(sample.atMin);
      console.log(lineOf(sample));
    };
    const report = await soak(relay, { minutes, people, seed, onSample });
    return tell(report, minutes);
  } finally {
    await relay.stop();
  }
}

function lineOf({ atMin, memoryMiB, heapMiB, ...counts }: Sample): string {
  const counted = COUNTS.map((name) => `${name} ${counts[name]}`).join(', ');
  return `${atMin.toFixed(0)} min: memory ${memoryMiB.toFixed(1)} MiB, heap ${heapMiB.toFixed(1)} MiB, ${counted}`;
}

/** Prints the report. 0 where all is well. */
function tell(report: SoakReport, minutes: number): number {
  console.log('\n                began    most   ended');
  for (const name of COUNTS) {
    const figures = [report.began[name], report.peak[name], report.ended[name]].map((count) => String(count).padStart(7));
    console.log(`${name.padEnd(13)} ${figures.join(' ')}  ${isBack(report, name) ? 'back' : 'NOT BACK'}`);
  }
  const hasGrown = [tellTrend('heap', report.heap, minutes), tellTrend('memory', report.memory, minutes)].includes('grows');
  const happened = [...report.happened].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${what} ${count}`);
  console.log(`happened: ${happened.join(' · ')}`);
  for (const fault of report.faults) console.log(`FAULT ${fault}`);
  return !hasGrown && report.faults.length === 0 && COUNTS.every((name) => isBack(report, name)) ? 0 : 1;
}

function tellTrend(name: string, trend: Trend | undefined, minutes: number): 'grows' | 'flat' | 'unknown' {
  if (trend === undefined || minutes < SHORTEST_MIN) {
    console.log(`${name.padEnd(13)} a run of ${minutes} minutes says nothing about it`);
    return 'unknown';
  }
  const verdict = trend.growth > MAX_GROWTH ? 'grows' : 'flat';
  const slope = `${trend.perHour >= 0 ? '+' : ''}${trend.perHour.toFixed(2)} MiB an hour over the second half`;
  console.log(`${name.padEnd(13)} ${trend.mean.toFixed(1)} MiB in the mean, ${slope}: ${verdict}`);
  return verdict;
}
