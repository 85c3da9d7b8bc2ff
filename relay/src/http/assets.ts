// The static files a relay serves, read once at start. Each may have precompressed neighbours: file.br, file.gz.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

type Encoding = 'br' | 'gzip';
const ENCODINGS: readonly { readonly suffix: string; readonly encoding: Encoding }[] = [
  { suffix: '.br', encoding: 'br' },
  { suffix: '.gz', encoding: 'gzip' },
];

export interface Asset {
  readonly type: string;
  /** Strong, of the bytes before compression. */
  readonly hash: string;
  readonly identity: Uint8Array;
  readonly compressed: ReadonlyMap<Encoding, Uint8Array>;
}

/** URL path → asset. `index.html` is under its own name: routes say what stands at `/`. */
export function loadAssets(dir: string): ReadonlyMap<string, Asset> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(dir, path).split(sep).join('/')}`, readFileSync(path));
  }
  const assets = new Map<string, Asset>();
  for (const [path, identity] of files) {
    const type = TYPES[extname(path)];
    if (type) assets.set(path, { type, identity, hash: hashOf(identity), compressed: compressedOf(path, files) });
  }
  return assets;
}

/** The best encoding that the client accepts and that is there. */
export function chooseEncoding(asset: Asset, acceptEncoding: string): Encoding | undefined {
  const accepted = new Set<string>();
  for (const part of acceptEncoding.split(',')) {
    const [name = '', ...params] = part.trim().toLowerCase().split(';');
    if (!params.some((param) => /^\s*q=0(\.0*)?\s*$/.test(param))) accepted.add(name.trim());
  }
  return ENCODINGS.find(({ encoding }) => accepted.has(encoding) && asset.compressed.has(encoding))?.encoding;
}

function compressedOf(path: string, files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<Encoding, Uint8Array> {
  const compressed = new Map<Encoding, Uint8Array>();
  for (const { suffix, encoding } of ENCODINGS) {
    const bytes = files.get(path + suffix);
    if (bytes) compressed.set(encoding, bytes);
  }
  return compressed;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}
