// Webhooks and the hook before publishes as a configuration names them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RelayOptions } from '../../../relay/src/options.ts';
import { readCommand, resolveOptions } from '../../../relay/src/options.ts';
import { temporaryDir } from '../../support/relay-fixture.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const ENDPOINT = { url: 'http://10.0.0.7:3000/hooks', secrets: [SECRET], events: ['message'] };
const HOOK = { url: 'https://example.com/before', secrets: [SECRET], timeoutMs: 500, onFailure: 'pass', maxConcurrent: 10 };

function optionsOf(env: Readonly<Record<string, string>>, argv: readonly string[] = []): RelayOptions {
  const command = readCommand(argv, env);
  if (command.kind !== 'serve') throw new Error('it asks for help');
  return command.options;
}

describe('where they come from', () => {
  test('nothing is told and nobody is asked unless somebody says so', () => {
    expect(optionsOf({})).toMatchObject({ webhooks: [], beforePublish: undefined });
  });

  test('the file has them as they are, the environment as JSON, and there is no flag', () => {
    const file = join(temporaryDir(), 'relay.json');
    writeFileSync(file, JSON.stringify({ webhooks: [ENDPOINT], beforePublish: HOOK }));
    expect(optionsOf({}, ['--config', file])).toMatchObject({ webhooks: [ENDPOINT], beforePublish: HOOK });
    const all = { ...ENDPOINT, rooms: 'team-*', timeoutMs: 100, maxQueue: 1, giveUpAfterMs: 86_400_000 };
    const env = { CHAT_ROOM_WEBHOOKS: JSON.stringify([all]), CHAT_ROOM_BEFORE_PUBLISH: JSON.stringify(HOOK) };
    expect(optionsOf(env)).toMatchObject({ webhooks: [all], beforePublish: HOOK });
    expect(() => optionsOf({}, ['--webhooks', '[]'])).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });

  test('an embedding program brings a function, alone or with a policy', () => {
    const ask = () => ({ verdict: 'pass' }) as const;
    expect(resolveOptions({ beforePublish: ask }).beforePublish).toBe(ask);
    expect(resolveOptions({ beforePublish: { ask, onFailure: 'pass' } }).beforePublish).toEqual({ ask, onFailure: 'pass' });
    expect(() => resolveOptions({ beforePublish: { ask, timeoutMs: 0 } })).toThrow('beforePublish.timeoutMs is no whole number');
  });
});

describe('a wrong value is one sentence, which shows no secret', () => {
  const wrongWebhooks: readonly [unknown, string][] = [
    ['hello', 'it is no JSON.'],
    ['{}', 'webhooks is no list of 1 to 100 values.'],
    [[7], 'webhooks[0] is no object.'],
    [[{ ...ENDPOINT, url: undefined }], 'webhooks[0] has no url.'],
    [[{ ...ENDPOINT, url: 'ftp://example.com' }], 'webhooks[0].url is no http or https URL.'],
    [[{ ...ENDPOINT, url: 'https://me:pass@example.com' }], 'webhooks[0].url holds a user name or a password.'],
    [[ENDPOINT, { ...ENDPOINT, secrets: [] }], 'webhooks[1].secrets is no list of 1 to 5 values.'],
    [[{ ...ENDPOINT, secrets: ['c2VjcmV0'] }], 'webhooks[0].secrets[0] is not whsec_ followed by 24 to 64 bytes in base64.'],
    [
      [{ ...ENDPOINT, secrets: ['whsec_c2VjcmV0'] }],
      'webhooks[0].secrets[0] is not whsec_ followed by 24 to 64 bytes in base64.',
    ],
    [[{ ...ENDPOINT, events: ['messages'] }], 'webhooks[0].events[0] is none of message, join, leave, room-empty.'],
    [[{ ...ENDPOINT, rooms: '' }], 'webhooks[0].rooms is no room pattern of 1 to 200 characters.'],
    [[{ ...ENDPOINT, timeoutMs: 99 }], 'webhooks[0].timeoutMs is no whole number from 100 to 60000.'],
    [[{ ...ENDPOINT, retries: 3 }], 'webhooks[0] has no field "retries".'],
  ];
  test.each(wrongWebhooks)('webhooks: %j', (value, sentence) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(() => optionsOf({ CHAT_ROOM_WEBHOOKS: text })).toThrow(`CHAT_ROOM_WEBHOOKS can't be used: ${sentence}`);
    expect(() => optionsOf({ CHAT_ROOM_WEBHOOKS: text })).toThrow(
      expect.objectContaining({ code: 'bad_option', message: expect.not.stringContaining(SECRET) }),
    );
  });

  test.each([
    [{ ...HOOK, url: 7 }, 'beforePublish.url is no http or https URL.'],
    [{ ...HOOK, onFailure: 'panic' }, 'beforePublish.onFailure is none of pass, refuse.'],
    [{ timeoutMs: 500 }, 'beforePublish has no url.'],
    [{ ...HOOK, ask: 'me' }, 'beforePublish has no field "ask".'],
    [[], 'beforePublish is no object.'],
  ])('beforePublish: %j', (value, sentence) => {
    const file = join(temporaryDir(), 'relay.json');
    writeFileSync(file, JSON.stringify({ beforePublish: value }));
    expect(() => optionsOf({}, ['--config', file])).toThrow(`beforePublish in ${file} can't be used: ${sentence}`);
  });
});
