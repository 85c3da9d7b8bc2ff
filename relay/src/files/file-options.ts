// Where the options say that files are kept, and which types are taken.

import { join } from 'node:path';
import { UnfitValue } from '../option-fields.ts';
import type { BlobStore } from './blob-store.ts';
import { DirectoryBlobStore } from './directory-blob-store.ts';
import { S3BlobStore } from './s3-blob-store.ts';

/** What is taken where the operator says nothing. */
export const DEFAULT_UPLOAD_TYPES: readonly string[] = [
  'image/*',
  'audio/*',
  'video/*',
  'application/pdf',
  'text/plain',
  'application/zip',
];

const TYPE_PATTERN = /^(\*\/\*|[a-z\d][\w.+-]*\/(\*|[a-z\d][\w.+-]*))$/;
const BUCKET = /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/;
/** Segments that keys can be put behind as they are. */
const PREFIX = /^([\w-]+\/)*$/;
const DEFAULT_REGION = 'us-east-1';

/** The options that concern files. */
export interface FileOptions {
  readonly data: string;
  readonly files: string | undefined;
  readonly filesAccessKeyId: string | undefined;
  readonly filesSecretAccessKey: string | undefined;
}

type Place =
  | { readonly kind: 'directory'; readonly dir: string }
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly region: string;
      readonly bucket: string;
      readonly prefix: string;
    };

/** Opens where the options say that files are kept: nothing is written or asked yet. */
export function openBlobStore({ data, files, filesAccessKeyId, filesSecretAccessKey }: FileOptions): BlobStore {
  const place: Place = files === undefined ? { kind: 'directory', dir: join(data, 'files') } : placeOf(files);
  if (place.kind === 'directory') return new DirectoryBlobStore(place.dir);
  const { endpoint, region, bucket, prefix } = place;
  const keys = { accessKeyId: filesAccessKeyId ?? '', secretAccessKey: filesSecretAccessKey ?? '' };
  return new S3BlobStore({ endpoint, region, bucket, prefix, ...keys });
}

/** What of the options does not go together, as a sentence; undefined where all is well. */
export function fileOptionsFault({ files, filesAccessKeyId, filesSecretAccessKey }: FileOptions): string | undefined {
  if (files === undefined || placeOf(files).kind === 'directory') return undefined;
  if (filesAccessKeyId !== undefined && filesSecretAccessKey !== undefined) return undefined;
  return 'Files in a bucket need --files-access-key-id, and CHAT_ROOM_FILES_SECRET_ACCESS_KEY in the environment.';
}

/** A directory, or `s3://bucket/prefix?endpoint=https://…&region=…`. Throws an UnfitValue. */
export function readFiles(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || raw === '') return undefined;
  placeOf(raw);
  return raw;
}

/** A list such as `image/*,application/pdf`. Undefined where it is none. */
export function readTypes(raw: unknown): readonly string[] | undefined {
  const list = typeof raw === 'string' ? raw.split(',').map((type) => type.trim()) : raw;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.every((type) => typeof type === 'string' && TYPE_PATTERN.test(type)) ? (list as string[]) : undefined;
}

function placeOf(text: string): Place {
  if (!text.startsWith('s3:')) return { kind: 'directory', dir: text };
  if (!URL.canParse(text)) throw new UnfitValue('it must look like s3://bucket/prefix?region=eu-central-1');
  const { hostname: bucket, pathname, searchParams, username } = new URL(text);
  if (username !== '') throw new UnfitValue('keys have options of their own: --files-access-key-id');
  if (!BUCKET.test(bucket)) throw new UnfitValue(`${JSON.stringify(bucket)} is no name of a bucket`);
  const path = pathname.replace(/^\/+|\/+$/g, '');
  const prefix = path === '' ? '' : `${path}/`;
  if (!PREFIX.test(prefix)) throw new UnfitValue('its prefix may hold letters, digits, - and _ between slashes');
  const region = searchParams.get('region') ?? DEFAULT_REGION;
  const endpoint = endpointOf(searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`);
  return { kind: 's3', endpoint, region, bucket, prefix };
}

function endpointOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UnfitValue('its endpoint is no http or https URL');
  return text.replace(/\/+$/, '');
}
