import { describe, expect, test } from 'vitest';
import { openBlobStore } from '../../../relay/src/files/file-options.ts';
import type { RelayOptions } from '../../../relay/src/options.ts';
import { readCommand, resolveOptions } from '../../../relay/src/options.ts';

const KEYS = { CHAT_ROOM_FILES_ACCESS_KEY_ID: 'id', CHAT_ROOM_FILES_SECRET_ACCESS_KEY: 'the secret' };

function read(argv: readonly string[], env: Readonly<Record<string, string>> = {}): RelayOptions {
  const command = readCommand(argv, env);
  if (command.kind !== 'serve') throw new Error('no options');
  return command.options;
}

describe('the options of files', () => {
  test('10 MiB of pictures, sound, films, PDF, text and archives beside the rooms, where nothing is said', () => {
    const options = read(['--data', '/var/chat']);
    expect(options.maxUploadBytes).toBe(10_485_760);
    expect(options.uploadTypes).toEqual(['image/*', 'audio/*', 'video/*', 'application/pdf', 'text/plain', 'application/zip']);
    expect(openBlobStore(options).address).toBe('/var/chat/files');
  });

  test('from flags, from the environment, and in a library', () => {
    const flags = read(['--max-upload-bytes', '0', '--upload-types', 'image/png, text/*', '--files', '/srv/files']);
    expect(flags).toMatchObject({ maxUploadBytes: 0, uploadTypes: ['image/png', 'text/*'] });
    expect(openBlobStore(flags).address).toBe('/srv/files');
    expect(read([], { CHAT_ROOM_UPLOAD_TYPES: '*/*' }).uploadTypes).toEqual(['*/*']);
    expect(resolveOptions({ uploadTypes: ['image/*'], maxUploadBytes: 1 })).toMatchObject({ uploadTypes: ['image/*'] });
  });

  test.each([
    ['s3://chat-files', 's3://chat-files/ at s3.us-east-1.amazonaws.com'],
    ['s3://chat-files/a/b/?region=eu-central-1', 's3://chat-files/a/b/ at s3.eu-central-1.amazonaws.com'],
    ['s3://chat/x?endpoint=http://minio:9000/&region=any', 's3://chat/x/ at minio:9000'],
  ])('the bucket %s', (files, address) => {
    expect(openBlobStore(read(['--files', files], KEYS)).address).toBe(address);
  });

  test.each([
    [['--max-upload-bytes', '-1'], '--max-upload-bytes'],
    [['--max-upload-bytes', '10MB'], '--max-upload-bytes'],
    [['--upload-types', 'image'], '--upload-types'],
    [['--upload-types', ''], '--upload-types'],
    [['--upload-types', 'image/*;q=1'], '--upload-types'],
    [['--files', ''], '--files'],
    [['--files', 's3://A_bucket'], 'no name of a bucket'],
    [['--files', 's3://chat/a%20b'], 'prefix'],
    [['--files', 's3://chat/x?endpoint=ftp://host'], 'endpoint'],
    [['--files', 's3://key:secret@chat/x'], '--files-access-key-id'],
    [['--files-secret-access-key', 'x'], '--files-secret-access-key'],
  ])('%j can’t be used, which is one sentence', (argv, part) => {
    expect(() => read(argv, KEYS)).toThrow(part);
    expect(() => read(argv, KEYS)).toThrow(/^[^\n]+\.$/);
  });

  test.each([{}, { CHAT_ROOM_FILES_ACCESS_KEY_ID: 'id' }, { CHAT_ROOM_FILES_SECRET_ACCESS_KEY: 'the secret' }])(
    'a bucket without both its keys can’t be used: %j',
    (env) => {
      expect(() => read(['--files', 's3://chat'], env)).toThrow('CHAT_ROOM_FILES_SECRET_ACCESS_KEY');
      expect(() => read(['--files', 's3://chat'], env)).not.toThrow('the secret');
    },
  );
});
