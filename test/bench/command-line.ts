import { parseArgs } from 'node:util';
import { PEERS } from './peers/peers.ts';
import type { Effort } from './scenarios/scenario.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';

export interface BenchOptions {
  readonly effort: Effort;
  /** Names; those of the effort where none was given. */
  readonly scenarios: readonly string[];
  /** Names; all where none was given. */
  readonly peers: readonly string[];
  readonly repetitions: number;
  /** Whether the committed results are replaced. */
  readonly write: boolean;
}

export type BenchCommand =
  | { readonly kind: 'run'; readonly options: BenchOptions }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'fault'; readonly message: string };

const REPETITIONS: Readonly<Record<Effort, number>> = { tiny: 1, quick: 2, full: 3 };

/** What a command line asks for. A fault is one sentence. */
export function readCommandLine(argv: readonly string[]): BenchCommand {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        tiny: { type: 'boolean' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        peers: { type: 'string' },
        repeat: { type: 'string' },
      },
    });
    if (values.help) return { kind: 'help', text: helpText() };
    const effort = values.tiny ? 'tiny' : values.quick ? 'quick' : 'full';
    const options: BenchOptions = {
      effort,
      scenarios: positionals,
      peers: values.peers?.split(',') ?? [],
      repetitions: values.repeat === undefined ? REPETITIONS[effort] : Number(values.repeat),
      write: values.write ?? false,
    };
    const message = faultOf(options);
    return message === undefined ? { kind: 'run', options } : fault(message);
  } catch (error) {
    return fault(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

function faultOf({ effort, scenarios, peers, repetitions, write }: BenchOptions): string | undefined {
  if (!Number.isInteger(repetitions) || repetitions < 1) return '--repeat takes a whole number, from 1.';
  if (write && (effort !== 'full' || peers.length > 0))
    return '--write records all peers at full length, so it goes with neither --quick nor --peers.';
  return misnamedFault('scenario', scenarios, SCENARIOS) ?? misnamedFault('peer', peers, PEERS);
}

function misnamedFault(what: string, given: readonly string[], known: readonly { readonly name: string }[]): string | undefined {
  const names = known.map(({ name }) => name);
  const unknown = given.find((name) => !names.includes(name));
  return unknown === undefined ? undefined : `There is no ${what} "${unknown}": there are ${names.join(', ')}.`;
}

function fault(message: string): BenchCommand {
  return { kind: 'fault', message };
}

function helpText(): string {
  const list = (items: readonly { readonly name: string; readonly title: string }[]): string =>
    items.map(({ name, title }) => `  ${name.padEnd(18)} ${title}`).join('\n');
  return `npm run bench -- [scenario…] [--peers a,b] [--repeat n] [--quick] [--write]

Measures the relay and its peers on this machine: each server on one core, what makes the load on another, one run of
each peer after the other, and again. Without a scenario it runs all of them.

  --quick            the most telling scenarios, small: under two minutes
  --peers a,b        only these
  --repeat n         so many runs of each (${REPETITIONS.full}; --quick ${REPETITIONS.quick})
  --write            records what was measured in test/bench: RESULTS.md, results.json and the chart; scenarios that
                     did not run stay as they were
  --help             this text

Scenarios:
${list(SCENARIOS)}

Peers:
${list(PEERS)}

The result is also written to test/output/bench, as JSON and as an SVG chart.`;
}
