// `chat-room-relay api-key`: what it prints is what the configuration takes.

import { describe, expect, test } from 'vitest';
import { ApiKeys, readApiKeys } from '../../../relay/src/api/api-key.ts';
import { runApiKeyCommand } from '../../../relay/src/api/api-key-command.ts';
import { OptionError } from '../../../relay/src/options.ts';

describe('chat-room-relay api-key', () => {
  test('prints a key, and an entry that knows it and does not hold it', () => {
    const [key = '', ...rest] = runApiKeyCommand(['ci', '--scopes', 'publish, history']).split('\n');
    const { apiKeys } = JSON.parse(rest.join('\n'));
    expect(apiKeys).toMatchObject([{ id: 'ci', scopes: ['publish', 'history'] }]);
    expect(rest.join('\n')).not.toContain(key);
    const keys = new ApiKeys(readApiKeys(apiKeys));
    expect(keys.find(key)).toEqual(apiKeys[0]);
    expect(keys.find(`${key}x`)).toBeUndefined();
    expect(runApiKeyCommand(['ci', '--scopes', 'publish'])).not.toContain(key);
  });

  test.each([[[]], [['--scopes', 'all']], [['no name', '--scopes', 'publish']], [['--scope', 'publish']]])(
    'says in one sentence what is wrong: %j',
    (argv) => {
      expect(() => runApiKeyCommand(argv)).toThrow(OptionError);
      expect(() => runApiKeyCommand(argv)).toThrow(/^[^\n]+\.$/);
    },
  );

  test('has a text that helps', () => {
    expect(runApiKeyCommand(['--help'])).toContain('--scopes LIST');
  });
});
