// Files of a relay, as its other parts see them: tickets for the native protocol, the addresses below /files/, and what
// becomes of files when messages are stored and deleted.

import type { Position } from '@chat-room/sdk/protocol';
import type { Logger } from 'pino';
import type { BodyReceiver, HttpRequest, HttpResponse } from '../adapter/adapter.ts';
import { isOriginAllowed } from '../auth/origins.ts';
import type { Draft, Engine } from '../engine/engine.ts';
import { jsonResponse } from '../http/responses.ts';
import { BlobStoreError } from './blob-store.ts';
import { isFileId } from './file-id.ts';
import type { FileLibrary, FileRecord, MessagePlace } from './file-library.ts';
import { parseFilePath } from './file-name.ts';
import { referencesOf } from './file-references.ts';
import { fileResponse } from './file-response.ts';
import { JobQueue } from './job-queue.ts';
import { TypeList } from './media-types.ts';
import { UploadProblem, type UploadProblemCode } from './upload-problem.ts';
import { type UploadAnswer, type UploadRequest, Uploads } from './uploads.ts';

const PREFIX = '/files/';
const METHODS = 'GET, HEAD, PUT';
const PREFLIGHT_TTL_S = 86_400;
/** How long the end of the relay waits for what is under way. */
const GRACE_MS = 5_000;

export interface FilesParts {
  readonly library: FileLibrary;
  readonly secret: string;
  /** 0: none are taken. */
  readonly maxUploadBytes: number;
  readonly uploadTypes: readonly string[];
  readonly origins: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly isDraining: () => boolean;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly uploaded: (outcome: 'stored' | UploadProblemCode | 'interrupted', bytes: number) => void;
  readonly removed: (count: number) => void;
}

export class Files {
  readonly #parts: FilesParts;
  readonly #uploads: Uploads;
  readonly #jobs: JobQueue;
  #isSweeping = false;
  #isStoreFailing = false;

  constructor(parts: FilesParts) {
    this.#parts = parts;
    this.#jobs = new JobQueue((error) => this.#jobFailed(error));
    this.#uploads = new Uploads({
      ...parts,
      maxBytes: parts.maxUploadBytes,
      types: new TypeList(parts.uploadTypes),
      settled: (outcome, bytes) => {
        if (outcome === 'stored') this.#storeRecovered();
        parts.uploaded(outcome, bytes);
      },
      onStoreFailing: (error) => this.#storeFailed(error),
    });
  }

  /** Gives a ticket for one file of somebody who may write in the room. */
  request(request: UploadRequest): UploadAnswer {
    return this.#uploads.request(request);
  }

  /** Takes the bodies of what is sent to the address of a file. */
  receiver(request: HttpRequest): BodyReceiver | undefined {
    if (request.method !== 'PUT' || !request.path.startsWith(PREFIX)) return undefined;
    if (!this.#isAllowed(request)) return async () => new UploadProblem('forbidden_origin').response();
    return this.#uploads.receiver(request, corsHeaders(request));
  }

  /** Answers whatever else is asked below /files/; undefined for other addresses. */
  async handle(request: HttpRequest): Promise<HttpResponse | undefined> {
    if (!request.path.startsWith(PREFIX)) return undefined;
    if (request.method === 'OPTIONS') return this.#preflight(request);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new UploadProblem('method_not_allowed').response({ allow: METHODS });
    if (request.path === PREFIX) return this.#limits();
    try {
      const file = await this.#find(request.path);
      return file ? fileResponse(request, file, this.#parts.library) : new UploadProblem('not_found').response();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'a file could not be given out');
      return new UploadProblem('storage_unavailable').response();
    }
  }

  /**
   * Publishes as `engine` does, and has files follow: those of a stored message are in use, those of a deleted one go, before the
   * author is told. Else a relay that died then would lose the files, or keep them for ever. What the store can't do now is
   * tried again later, and nobody waits for that.
   */
  following(engine: Pick<Engine, 'publish'>): Pick<Engine, 'publish'> {
    return {
      publish: (room, draft) => {
        const follow = this.#consequence(room, draft);
        const stored = engine.publish(room, draft);
        if (!follow) return stored;
        return stored.then(async (outcome) => {
          if (outcome.ok) await this.#jobs.add(() => follow(outcome.position));
          return outcome;
        });
      },
    };
  }

  /** Called each minute or so: removes some of what nobody needs any more. */
  async sweep(): Promise<void> {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#jobs.retry();
    try {
      this.#parts.removed(await this.#parts.library.sweep(this.#parts.now()));
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'files that nobody needs could not be removed; it is tried again');
    } finally {
      this.#isSweeping = false;
    }
  }

  /** Resolves when what is under way is done, after 5 s at most. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, GRACE_MS);
    });
    await Promise.race([Promise.all([this.#uploads.idle(), this.#jobs.idle()]), late]);
    clearTimeout(timer);
  }

  /** One line for each time that the store fails, however many files are refused. */
  #storeFailed({ code, message }: BlobStoreError): void {
    if (!this.#isStoreFailing) this.#parts.log.error({ code }, `${message} Uploads are refused until that is mended.`);
    this.#isStoreFailing = true;
  }

  #jobFailed(error: unknown): void {
    if (error instanceof BlobStoreError) this.#storeFailed(error);
    else this.#parts.log.error({ err: error }, 'the files of a message are not what they should be');
  }

  #storeRecovered(): void {
    if (this.#isStoreFailing) this.#parts.log.info('files are stored again');
    this.#isStoreFailing = false;
  }

  /** What a draft means for files, once it is stored; undefined where nothing. */
  #consequence(room: string, { body, from, epoch }: Draft): ((stored: Position) => Promise<void>) | undefined {
    if (body.type === 'delete') return (stored) => this.#removeOf({ room, epoch: epoch ?? stored.epoch, offset: body.target });
    const ids = referencesOf(body);
    return ids.length > 0 ? (stored) => this.#parts.library.use({ room, ...stored }, from.id, ids) : undefined;
  }

  async #removeOf(message: MessagePlace): Promise<void> {
    this.#parts.removed(await this.#parts.library.removeOf(message));
  }

  async #find(path: string): Promise<FileRecord | undefined> {
    const place = parseFilePath(path);
    if (!place || !isFileId(place.id)) return undefined;
    const file = await this.#parts.library.record(place.id);
    // Under another name it would be somebody's else's word for what it is.
    return file?.name === place.name ? file : undefined;
  }

  /** What this relay takes, for whoever is about to send. */
  #limits(): HttpResponse {
    const { maxUploadBytes, uploadTypes } = this.#parts;
    const { status, headers, body } = jsonResponse(200, { maxBytes: maxUploadBytes, types: uploadTypes });
    return { status, headers: { ...headers, 'access-control-allow-origin': '*' }, body };
  }

  #preflight(request: HttpRequest): HttpResponse {
    const headers = this.#isAllowed(request)
      ? {
          ...corsHeaders(request),
          'access-control-allow-methods': METHODS,
          'access-control-allow-headers': 'authorization, content-type',
        }
      : { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD' };
    return { status: 204, headers: { ...headers, vary: 'origin', 'access-control-max-age': String(PREFLIGHT_TTL_S) }, body: '' };
  }

  #isAllowed(request: HttpRequest): boolean {
    return isOriginAllowed(request, this.#parts.origins);
  }
}

/** Visible ASCII, as browsers write an origin: anything else is not repeated to its sender. */
const ORIGIN = /^[!-~]{1,1000}$/;

function corsHeaders({ headers }: HttpRequest): Readonly<Record<string, string>> {
  const origin = headers.get('origin') ?? '';
  return ORIGIN.test(origin) ? { 'access-control-allow-origin': origin, vary: 'origin' } : {};
}
