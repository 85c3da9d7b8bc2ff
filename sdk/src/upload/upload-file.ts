import { ChatError } from '../errors.ts';
import { MAX_FILE_NAME_LENGTH } from '../protocol/limits.ts';
import { shaped, string } from '../protocol/shapes.ts';
import type { Room } from '../room/room.ts';
import type { Attachment } from './attachment.ts';
import { readAttachment } from './attachment.ts';
import { type FilePut, putFile } from './put-file.ts';

/** What an upload needs of a room. */
export type UploadRoom = Pick<Room, 'request'>;

/** Permission to send one file, for 5 minutes: `PUT url` with `authorization: Bearer <ticket>`. `url` is a path at the relay. */
const readTicket = shaped<{ readonly url: string; readonly ticket: string }>({ url: string, ticket: string });

export interface UploadOptions extends Pick<FilePut, 'signal' | 'onProgress'> {
  /** Default: the file's own name. */
  readonly name?: string;
  /** Any address at the relay, as `https://chat.example.com` or `wss://chat.example.com/ws`. Default: the page's own. */
  readonly baseUrl?: string;
}

/** What a relay takes. */
export interface UploadLimits {
  /** 0: nothing. */
  readonly maxBytes: number;
  /** As `image/*` or `application/pdf`. */
  readonly types: readonly string[];
}

/** Answers after which the same upload may go well later. */
const PASSING = new Set([408, 429, 500, 502, 503, 504, 507]);

/**
 * Sends a file to the relay of a joined room. Resolves with what a message refers to it by: nobody sees it before one does.
 * Rejects with a ChatError (`too_large`, `bad_media_type`, `rate_limited`, `storage_full` …) or the signal's reason.
 */
export async function uploadFile(room: UploadRoom, file: Blob, options: UploadOptions = {}): Promise<Attachment> {
  const { signal, onProgress, baseUrl } = options;
  signal?.throwIfAborted();
  const ownName = (file as Blob & { readonly name?: string }).name;
  const name = shortened(options.name ?? ownName ?? '');
  const request = { type: 'upload', name, mediaType: mediaTypeOf(file), bytes: file.size } as const;
  const { url, ticket } = readTicket(await room.request(request, signal));
  signal?.throwIfAborted();
  const { status, text } = await putFile({ url: addressOf(url, baseUrl), ticket, file, signal, onProgress });
  const attachment = status === 201 ? readAttachment(fieldsOf(text)) : undefined;
  if (!attachment) throw errorOf(status, fieldsOf(text));
  return attachment;
}

/** Asks what the relay takes. Rejects with `unreachable` where it does not say. */
export async function uploadLimits(baseUrl?: string, signal?: AbortSignal): Promise<UploadLimits> {
  try {
    const response = await fetch(addressOf('/files/', baseUrl), signal ? { signal } : {});
    const { maxBytes, types } = fieldsOf(await response.text());
    if (typeof maxBytes === 'number' && Array.isArray(types)) return { maxBytes, types: types.map(String) };
  } catch {
    signal?.throwIfAborted();
  }
  throw new ChatError('unreachable', 'retry', 'The relay does not say what it takes.');
}

function addressOf(path: string, baseUrl: string | undefined): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  const url = new URL(path, (baseUrl ?? location?.href)?.replace(/^ws/, 'http'));
  return url.href;
}

/** Without parameters, as the protocol wants it. */
function mediaTypeOf({ type }: Blob): string {
  const [essence = ''] = type.toLowerCase().split(';');
  return essence.trim() || 'application/octet-stream';
}

/** The end of a name says what it is. */
function shortened(name: string): string {
  return name.slice(-MAX_FILE_NAME_LENGTH).replace(/^[\udc00-\udfff]/, '');
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function errorOf(status: number, { code, detail }: Readonly<Record<string, unknown>>): ChatError {
  const action = PASSING.has(status) ? 'retry' : 'fix';
  return new ChatError(
    typeof code === 'string' ? code : `http_${status}`,
    action,
    typeof detail === 'string' ? detail : undefined,
  );
}
