// What the commands beside `serve` share: how they read their arguments, and how they say what is wrong with them.

import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import { OptionError } from '../options.ts';

type Flags = NonNullable<ParseArgsConfig['options']>;

/** Texts of the flags, by name; a flag that is not there is absent. */
export interface CommandLine {
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Flags without a value that are there, `help` among them. */
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/** What a command line holds. `texts` take a value, `switches` none. Throws an OptionError for one that is not known. */
export function readCommandLine(
  command: string,
  argv: readonly string[],
  {
    texts,
    switches = [],
    maxPositionals = 0,
  }: { texts: readonly string[]; switches?: readonly string[]; maxPositionals?: number },
): CommandLine {
  const options: Flags = { help: { type: 'boolean', short: 'h' } };
  for (const name of texts) options[name] = { type: 'string' };
  for (const name of switches) options[name] = { type: 'boolean' };
  const help = `chat-room-relay help ${command} says how.`;
  const { values, positionals } = parse([...argv], options, help);
  const stray = positionals[maxPositionals];
  if (stray !== undefined) throw new OptionError(`${JSON.stringify(stray)} is not expected here. ${help}`);
  const entries = Object.entries(values);
  return {
    values: Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    switches: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
    positionals,
  };
}

function parse(args: string[], options: Flags, help: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new OptionError(`${(error as Error).message.split(/\.\s/)[0]}. ${help}`);
  }
}

/** A whole number that a flag holds, or its default. Throws an OptionError. */
export function wholeFlag(name: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new OptionError(`--${name} can't be ${JSON.stringify(text)}: it takes a whole number from 1 to ${max}.`);
}
