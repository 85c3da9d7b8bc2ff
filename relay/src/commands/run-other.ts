// The commands beside `serve`.

import { readFileSync } from 'node:fs';
import { API_KEY_HELP, runApiKeyCommand } from '../api/api-key-command.ts';
import { OptionError, readCommand } from '../options.ts';
import { BENCH_HELP, runBenchCommand } from './bench-command.ts';
import { CHECK_HELP, runCheckCommand } from './check-command.ts';
import { runTokenCommand, TOKEN_HELP } from './token-command.ts';

/** What a command needs of its process. */
export interface CommandSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
}

interface OtherCommand {
  readonly help: string;
  /** Resolves with the exit code. */
  readonly run: (argv: readonly string[], surroundings: CommandSurroundings) => Promise<number>;
}

const COMMANDS: ReadonlyMap<string, OtherCommand> = new Map<string, OtherCommand>([
  ['token', { help: TOKEN_HELP, run: async (argv, { env, write }) => said(write, await runTokenCommand(argv, env)) }],
  ['api-key', { help: API_KEY_HELP, run: async (argv, { write }) => said(write, runApiKeyCommand(argv)) }],
  [
    'check',
    {
      help: CHECK_HELP,
      run: async (argv, { env, write }) => {
        const { text, isFit } = await runCheckCommand(argv, env);
        write(text);
        return isFit ? 0 : 1;
      },
    },
  ],
  ['bench', { help: BENCH_HELP, run: async (argv, { write }) => said(write, await runBenchCommand(argv)) }],
]);

/** Runs a command that is not `serve`; undefined where the arguments name none. Rejects with an OptionError for an unknown one. */
export async function runOther(
  argv: readonly string[],
  surroundings: CommandSurroundings,
): Promise<{ readonly exitCode: number } | undefined> {
  const [name = '', ...rest] = argv;
  if (name === '--version' || name === '-v') return { exitCode: said(surroundings.write, `${ownVersion()}\n`) };
  if (name === 'help') return { exitCode: said(surroundings.write, helpOf(rest[0])) };
  if (name === '' || name === 'serve' || name.startsWith('-')) return undefined;
  return { exitCode: await commandOf(name).run(rest, surroundings) };
}

function helpOf(name: string | undefined): string {
  if (name !== undefined && name !== 'serve') return commandOf(name).help;
  const command = readCommand(['--help'], {});
  return command.kind === 'help' ? command.text : '';
}

function commandOf(name: string): OtherCommand {
  const command = COMMANDS.get(name);
  if (command) return command;
  const known = ['serve', ...COMMANDS.keys(), 'help'].join(', ');
  throw new OptionError(`There is no command ${JSON.stringify(name)}: the commands are ${known}.`);
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}

function said(write: (text: string) => void, text: string): number {
  write(text);
  return 0;
}
