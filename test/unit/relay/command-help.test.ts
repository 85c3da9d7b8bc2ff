// The texts of `--help` and `help COMMAND`, and which command a command line means.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runOther } from '../../../relay/src/commands/run-other.ts';
import { OptionError, readCommand, resolveOptions } from '../../../relay/src/options.ts';

/** What a command line prints; undefined where it means `serve`. */
const printed = async (...argv: readonly string[]) => {
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  const other = await runOther(argv, { env: {}, write });
  return other && { ...other, text };
};

const help = (): string => {
  const command = readCommand(['--help'], {});
  if (command.kind !== 'help') throw new Error('no help');
  return command.text;
};

describe('help', () => {
  test('has a line for every option, in a group that has a name', () => {
    const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    for (const name of Object.keys(resolveOptions({}))) {
      const variable = `CHAT_ROOM_${kebab(name).replaceAll('-', '_').toUpperCase()}`;
      const lines = help()
        .split('\n')
        .filter((line) => line.startsWith(`  --${kebab(name)} `) || line.startsWith(`  ${variable}`));
      expect(lines, name).not.toEqual([]);
    }
    expect(help()).not.toContain('Others:');
  });

  test('is what `help` and `help serve` print', async () => {
    expect(await printed('help')).toEqual({ exitCode: 0, text: help() });
    expect(await printed('help', 'serve')).toEqual({ exitCode: 0, text: help() });
  });

  test.each(['token', 'api-key', 'check', 'bench'])('of %s is one text, however it is asked for', async (name) => {
    const { text = '' } = (await printed('help', name)) ?? {};
    expect(text).toContain(`Usage: `);
    expect(text).toContain(`chat-room-relay ${name}`);
    expect(await printed(name, '--help')).toEqual({ exitCode: 0, text });
    expect(help()).toContain(`chat-room-relay ${name}`);
  });
});

describe('a command line', () => {
  test.each([[[]], [['serve']], [['--port', '0']], [['serve', '--port', '0']]])('%j serves', async (argv) => {
    expect(await printed(...argv)).toBeUndefined();
  });

  test.each([[['tokn']], [['help', 'tokn']]])('%j is one sentence that names the commands', async (argv) => {
    const error: unknown = await printed(...argv).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe(
      'There is no command "tokn": the commands are serve, token, api-key, check, bench, help.',
    );
  });

  test("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../relay/package.json', import.meta.url), 'utf8'));
    expect(await printed('--version')).toEqual({ exitCode: 0, text: `${version}\n` });
  });
});
