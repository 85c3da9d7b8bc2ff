// Files on their way in: who may send one is decided at the frame, and what comes is held to that decision.

import type { ErrorCode } from '@chat-room/sdk/protocol';
import type { BodyReceiver, HttpRequest, HttpResponse } from '../adapter/adapter.ts';
import { BlobStoreError } from './blob-store.ts';
import { ChunkCleaner } from './chunk-cleaner.ts';
import { newFileId } from './file-id.ts';
import type { FileLibrary, FileRecord } from './file-library.ts';
import { filePath, parseFilePath, safeFileName } from './file-name.ts';
import { imageSize } from './image-size.ts';
import { JpegCleaner } from './jpeg-cleaner.ts';
import { judge, sniff, type TypeList } from './media-types.ts';
import { Tickets, type UploadGrant } from './ticket.ts';
import { exactly, peek } from './upload-body.ts';
import { UploadProblem, type UploadProblemCode } from './upload-problem.ts';

/** Bodies that come at a time, over all members: each holds a piece of memory and a file that is open. */
const MAX_UNDER_WAY = 256;
const MAX_UNDER_WAY_PER_MEMBER = 8;

/** What somebody asks to send. */
export type UploadRequest = Omit<UploadGrant, 'id'>;

/** Where to send a file and with what, or why not. */
export type UploadAnswer =
  | { readonly ok: true; readonly url: string; readonly ticket: string }
  | {
      readonly ok: false;
      readonly code: Extract<ErrorCode, 'forbidden' | 'too_large' | 'bad_media_type'>;
      readonly detail: string;
    };

export interface UploadParts {
  readonly library: FileLibrary;
  /** Signs tickets: one for all relays that share rooms. */
  readonly secret: string;
  /** 0: none are taken. */
  readonly maxBytes: number;
  readonly types: TypeList;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly isDraining: () => boolean;
  readonly settled: (outcome: 'stored' | UploadProblemCode | 'interrupted', bytes: number) => void;
  /** The store fails: told with each upload that it fails. */
  readonly onStoreFailing: (error: BlobStoreError) => void;
}

export class Uploads {
  readonly #parts: UploadParts;
  readonly #tickets: Tickets;
  /** Member by id of the file. */
  readonly #underWay = new Map<string, string>();
  #onIdle: (() => void) | undefined;

  constructor(parts: UploadParts) {
    this.#parts = parts;
    this.#tickets = new Tickets(parts.secret);
  }

  /** Gives a ticket for one file. That the member may write in the room has been seen to. */
  request(request: UploadRequest): UploadAnswer {
    const { maxBytes, types, now } = this.#parts;
    if (maxBytes === 0) return { ok: false, code: 'forbidden', detail: 'this relay takes no files' };
    if (request.bytes > maxBytes) return { ok: false, code: 'too_large', detail: `a file holds at most ${maxBytes} bytes` };
    if (!types.includes(request.mediaType))
      return { ok: false, code: 'bad_media_type', detail: `${types.patterns.join(', ')} are taken` };
    const name = safeFileName(request.name);
    const id = newFileId(now());
    return { ok: true, url: filePath(id, name), ticket: this.#tickets.issue({ ...request, id, name }, now()) };
  }

  /** What takes the body of a `PUT` to a file's path. Its answers carry `headers`. */
  receiver(request: HttpRequest, headers: Readonly<Record<string, string>>): BodyReceiver {
    return async (body) => {
      try {
        const grant = this.#admit(request);
        const file = await this.#take(grant, body);
        this.#parts.settled('stored', file.bytes);
        return created(file, headers);
      } catch (error) {
        return this.#refusal(error).response(headers);
      }
    };
  }

  /** Resolves when no body is under way any more. */
  async idle(): Promise<void> {
    if (this.#underWay.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** What the request's ticket is for. Throws an UploadProblem. */
  #admit({ path, headers }: HttpRequest): UploadGrant {
    if (this.#parts.isDraining()) throw new UploadProblem('draining');
    const ticket = /^bearer +([\w.-]+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    const grant = ticket === undefined ? undefined : this.#tickets.verify(ticket, this.#parts.now());
    const place = parseFilePath(path);
    if (!grant || grant.id !== place?.id || grant.name !== place.name) throw new UploadProblem('unauthorized');
    if (this.#underWay.has(grant.id)) throw new UploadProblem('already_uploaded');
    if (this.#underWay.size >= MAX_UNDER_WAY) throw new UploadProblem('overloaded');
    const own = [...this.#underWay.values()].filter((member) => member === grant.member).length;
    if (own >= MAX_UNDER_WAY_PER_MEMBER) throw new UploadProblem('too_many_uploads');
    const length = headers.get('content-length');
    if (length !== undefined && Number(length) !== grant.bytes)
      throw new UploadProblem(Number(length) > grant.bytes ? 'too_large' : 'length_mismatch');
    return grant;
  }

  async #take(grant: UploadGrant, body: AsyncIterable<Uint8Array>): Promise<FileRecord> {
    this.#underWay.set(grant.id, grant.member);
    try {
      if (await this.#parts.library.record(grant.id)) throw new UploadProblem('already_uploaded');
      return await this.#store(grant, body);
    } finally {
      this.#underWay.delete(grant.id);
      if (this.#underWay.size === 0) this.#onIdle?.();
    }
  }

  async #store(grant: UploadGrant, source: AsyncIterable<Uint8Array>): Promise<FileRecord> {
    const { library, types, now } = this.#parts;
    const { id, name, room, member, bytes } = grant;
    const { head, body } = await peek(exactly(grant, source, now));
    const verdict = judge(grant.mediaType, sniff(head), types);
    if (!verdict.ok) throw new UploadProblem('bad_media_type');
    const { mediaType, disposition } = verdict;
    const cleaner = cleanerOf(mediaType);
    return library.put(id, bytes, cleaner ? cleaned(body, cleaner) : body, () => ({
      ...{ id, name, mediaType, disposition, bytes, room, member },
      ...(cleaner instanceof JpegCleaner ? cleaner.size : imageSize(mediaType, head)),
    }));
  }

  /** Rethrows what is a fault of ours, or what nobody is there any more to be told of. */
  #refusal(error: unknown): UploadProblem {
    const { settled, onStoreFailing } = this.#parts;
    if (error instanceof BlobStoreError) onStoreFailing(error);
    const code =
      error instanceof BlobStoreError ? storeProblem(error) : error instanceof UploadProblem ? error.code : 'interrupted';
    settled(code, 0);
    if (code === 'interrupted') throw error;
    return error instanceof UploadProblem ? error : new UploadProblem(code);
  }
}

function storeProblem({ code }: BlobStoreError): UploadProblemCode {
  return code === 'storage_full' ? 'storage_full' : 'storage_unavailable';
}

function created(
  { id, name, mediaType, bytes, width, height }: FileRecord,
  headers: Readonly<Record<string, string>>,
): HttpResponse {
  const size = width === undefined || height === undefined ? {} : { width, height };
  const attachment = { url: filePath(id, name), name, mediaType, bytes, ...size };
  return {
    status: 201,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', location: attachment.url, ...headers },
    body: JSON.stringify(attachment),
  };
}

/** What takes the metadata out of a picture of this type; undefined where nothing does. */
function cleanerOf(mediaType: string): JpegCleaner | ChunkCleaner | undefined {
  if (mediaType === 'image/jpeg') return new JpegCleaner();
  if (mediaType === 'image/png') return new ChunkCleaner('png');
  return mediaType === 'image/webp' ? new ChunkCleaner('webp') : undefined;
}

async function* cleaned(
  body: AsyncIterable<Uint8Array>,
  cleaner: JpegCleaner | ChunkCleaner,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of body) yield cleaner.push(chunk);
  yield cleaner.end();
}
