import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DirectoryBlobStore } from '../../relay/src/files/directory-blob-store.ts';
import { MemoryBlobStore } from '../../relay/src/files/memory-blob-store.ts';
import { S3BlobStore } from '../../relay/src/files/s3-blob-store.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import { S3_KEYS, startS3 } from '../support/s3-server.ts';
import { blobStoreContract } from './blob-store.contract.ts';

const some = (bytes: number): AsyncIterable<Uint8Array> =>
  (async function* () {
    yield Buffer.alloc(bytes);
  })();

function freshDir(): string {
  const dir = temporaryDir();
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

blobStoreContract('memory', async () => new MemoryBlobStore());
blobStoreContract('a directory', async () => new DirectoryBlobStore(join(freshDir(), 'files')));
blobStoreContract('a bucket', async () => {
  const server = await startS3();
  return new S3BlobStore({ ...S3_KEYS, endpoint: server.url, region: 'eu-test-1', bucket: 'chat', prefix: 'some/where/' });
});

test('memory that is full says so, and takes files again once there is room', async () => {
  const store = new MemoryBlobStore(100);
  await store.put('files/one', 60, some(60));
  await expect(store.put('files/two', 60, some(60))).rejects.toMatchObject({ code: 'storage_full' });
  await store.remove('files/one');
  await store.put('files/two', 60, some(60));
  await store.put('files/two', 40, some(40)).catch(() => undefined);
  await store.remove('files/two');
  await store.put('files/three', 100, some(100));
});

test('a directory that is none is one sentence', async () => {
  const dir = freshDir();
  writeFileSync(join(dir, 'files'), 'in the way');
  const store = new DirectoryBlobStore(join(dir, 'files'));
  await expect(store.put('files/one', 1, some(1))).rejects.toMatchObject({
    code: 'storage_unavailable',
    message: expect.stringContaining(join(dir, 'files')),
  });
});

test('what a killed process left half-written goes after a day, and nothing else does', async () => {
  const dir = freshDir();
  const store = new DirectoryBlobStore(dir);
  await store.put('files/one', 1, some(1));
  mkdirSync(join(dir, 'unfinished'), { recursive: true });
  for (const name of ['old', 'new']) writeFileSync(join(dir, 'unfinished', name), 'half');
  utimesSync(join(dir, 'unfinished', 'old'), 1_000, 1_000);
  await store.removeUnfinished(Date.now());
  expect(readdirSync(join(dir, 'unfinished'))).toEqual(['new']);
  expect(await store.list('files/', 10)).toEqual(['files/one']);
});

test('a bucket whose key is wrong, whose service is full, silent or gone is one sentence', async () => {
  const server = await startS3();
  const open = (secretAccessKey: string, idleTimeoutMs?: number): S3BlobStore =>
    new S3BlobStore(
      { ...S3_KEYS, secretAccessKey, endpoint: server.url, region: 'eu-test-1', bucket: 'chat', prefix: '' },
      idleTimeoutMs,
    );
  await expect(open('wrong').put('files/one', 1, some(1))).rejects.toMatchObject({
    code: 'storage_unavailable',
    message: expect.stringContaining('403'),
  });
  await expect(open('wrong').get('files/one')).rejects.toMatchObject({ code: 'storage_unavailable' });
  await expect(open('wrong').remove('files/one')).rejects.toMatchObject({ code: 'storage_unavailable' });
  await expect(open('wrong').list('files/', 1)).rejects.toMatchObject({ code: 'storage_unavailable' });
  server.behave('full');
  await expect(open(S3_KEYS.secretAccessKey).put('files/one', 1, some(1))).rejects.toMatchObject({ code: 'storage_full' });
  server.behave('silent');
  await expect(open(S3_KEYS.secretAccessKey, 100).put('files/one', 1, some(1))).rejects.toMatchObject({
    code: 'storage_unavailable',
  });
  await server.stop();
  await expect(open(S3_KEYS.secretAccessKey).get('files/one')).rejects.toMatchObject({
    code: 'storage_unavailable',
    message: expect.not.stringContaining(S3_KEYS.secretAccessKey),
  });
});
