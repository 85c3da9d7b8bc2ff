import type { HttpRequest, HttpResponse } from '../adapter/adapter.ts';
import type { Asset } from './assets.ts';
import { chooseEncoding } from './assets.ts';

/**
 * `open`: any page may load it, as the widget and the SDK must be; `part`: what the widget loads later, under a name that
 * changes with the content; `page`: a document of ours, under a strict policy.
 */
export type AssetKind = 'open' | 'part' | 'page' | 'asset';

// Pages carry no inline script or style; a chat page talks to its own relay and shows pictures of its own.
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
].join('; ');

const NO_SNIFF = { 'x-content-type-options': 'nosniff' } as const;

const OPEN = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' } as const;

const KIND_HEADERS: Readonly<Record<AssetKind, Readonly<Record<string, string>>>> = {
  // Not stale for long: an old widget.js asks for parts that a newer relay does not have.
  open: { ...OPEN, 'cache-control': 'public, max-age=300' },
  part: { ...OPEN, 'cache-control': 'public, max-age=31536000, immutable' },
  page: { 'content-security-policy': PAGE_POLICY, 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' },
  asset: { 'cache-control': 'no-cache' },
};

/** A file, in the best encoding that the client takes, or 304 where it has it. */
export function assetResponse(request: HttpRequest, asset: Asset, kind: AssetKind): HttpResponse {
  const encoding = chooseEncoding(asset, request.headers.get('accept-encoding') ?? '');
  const etag = `"${asset.hash}${encoding ? `-${encoding}` : ''}"`;
  const headers = { ...KIND_HEADERS[kind], ...NO_SNIFF, etag, vary: 'accept-encoding' };
  if (matches(request.headers.get('if-none-match'), etag)) return { status: 304, headers, body: '' };
  return {
    status: 200,
    headers: { ...headers, 'content-type': asset.type, ...(encoding && { 'content-encoding': encoding }) },
    body: (encoding && asset.compressed.get(encoding)) || asset.identity,
  };
}

export function textResponse(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...NO_SNIFF, ...headers },
    body,
  };
}

export function jsonResponse(status: number, body: object): HttpResponse {
  return textResponse(status, JSON.stringify(body), { 'content-type': 'application/json' });
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
