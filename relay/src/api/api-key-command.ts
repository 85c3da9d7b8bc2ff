// `chat-room-relay api-key`: makes a key, and says what the configuration needs of it.

import { parseArgs } from 'node:util';
import { UnfitValue } from '../option-fields.ts';
import { OptionError } from '../options.ts';
import type { Scope } from './api-key.ts';
import { createApiKey, SCOPES } from './api-key.ts';

export const API_KEY_HELP = `chat-room-relay api-key: makes a key of the server API

Usage: chat-room-relay api-key [NAME] --scopes ${SCOPES.slice(0, 2).join(',')}

  --scopes LIST   what it may do: ${SCOPES.join(', ')}

It prints the key, which is kept nowhere, and its entry for apiKeys in the configuration file (or CHAT_ROOM_API_KEYS).
`;

/** What the command prints. `argv` is what stands behind `api-key`. Throws an OptionError. */
export function runApiKeyCommand(argv: readonly string[]): string {
  const { values, positionals } = parse(argv);
  if (values.help) return API_KEY_HELP;
  try {
    const { key, entry } = createApiKey(positionals[0] ?? 'server', readScopes(values.scopes));
    return `${key}\n\n${JSON.stringify({ apiKeys: [entry] }, undefined, 2)}\n`;
  } catch (error) {
    if (error instanceof UnfitValue) throw new OptionError(`${error.message}.`);
    throw error;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: { scopes: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new OptionError(`${(error as Error).message.split('. ')[0]}. chat-room-relay api-key --help says how.`);
  }
}

function readScopes(list: string | undefined): readonly Scope[] {
  if (list === undefined) throw new UnfitValue(`--scopes is needed: some of ${SCOPES.join(',')}`);
  return list.split(',').map((text) => {
    const scope = SCOPES.find((each) => each === text.trim());
    if (!scope) throw new UnfitValue(`--scopes has ${JSON.stringify(text)}, which is none of ${SCOPES.join(', ')}`);
    return scope;
  });
}
