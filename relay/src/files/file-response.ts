// How a stored file is given out. It is a stranger's, served from the relay's own origin: it must never run there.

import type { HttpRequest, HttpResponse } from '../adapter/adapter.ts';
import type { FileLibrary, FileRecord } from './file-library.ts';
import { contentDisposition } from './file-name.ts';
import { UploadProblem } from './upload-problem.ts';

/** Of what is offered for download: no browser has an idea of its own about it. */
const OCTETS = 'application/octet-stream';

const HEADERS = {
  // What a URL names never changes; who knows the URL may have the file, wherever their page is from.
  'cache-control': 'public, max-age=31536000, immutable',
  'accept-ranges': 'bytes',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'referrer-policy': 'no-referrer',
} as const;

/** First and last byte, both included. */
type Range = readonly [start: number, end: number];

/** A file, a part of it, or 304 where the client has it. */
export function fileResponse(request: HttpRequest, file: FileRecord, library: Pick<FileLibrary, 'read'>): HttpResponse {
  const { id, bytes, name, mediaType, disposition } = file;
  const etag = `"${id}"`;
  const headers = {
    ...HEADERS,
    etag,
    'content-type': disposition === 'inline' ? mediaType : OCTETS,
    'content-disposition': contentDisposition(disposition, name),
  };
  if (isHeld(request.headers.get('if-none-match'), etag)) return { status: 304, headers, body: '' };
  const range = rangeOf(request, etag, bytes);
  if (range === 'unsatisfiable')
    return new UploadProblem('range_not_satisfiable').response({ ...HEADERS, 'content-range': `bytes */${bytes}` });
  const [start, end] = range ?? [0, bytes - 1];
  return {
    status: range ? 206 : 200,
    headers: { ...headers, ...(range && { 'content-range': `bytes ${start}-${end}/${bytes}` }) },
    body: { bytes: end - start + 1, chunks: library.read(id, start, end) },
  };
}

/** The one part that is asked for. Undefined where none is, or several are, or of another version: then the whole is sent. */
function rangeOf({ method, headers }: HttpRequest, etag: string, bytes: number): Range | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.get('range') ?? '') ?? [];
  const condition = headers.get('if-range');
  if (method !== 'GET' || (first === '' && last === '') || (condition !== undefined && condition !== etag)) return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined; // no range at all
  return start < bytes && start <= end ? [start, end] : 'unsatisfiable';
}

function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags?.some((tag) => tag === '*' || tag === etag) ?? false;
}
