// Files on their way from this page to the relay: chosen, pasted or dropped, not part of a message yet.
import type { Attachment } from '@chat-room/sdk/upload';
import { uploadFile } from '@chat-room/sdk/upload';
import type { RoomHandle } from '../connection/room-handle.ts';

/** Files that one message may refer to. */
export const MAX_FILES = 10;

export type FileState =
  | { readonly kind: 'uploading'; readonly fraction: number }
  | { readonly kind: 'ready'; readonly attachment: Attachment }
  | { readonly kind: 'failed'; readonly code: string };

export interface PendingFile {
  readonly file: File;
  readonly state: FileState;
  /** Shows an image before it is anywhere else; to be revoked. */
  readonly preview: string | undefined;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

export class PendingFiles {
  readonly #onChange: () => void;
  #files: readonly PendingFile[] = [];

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get all(): readonly PendingFile[] {
    return this.#files;
  }

  get isUploading(): boolean {
    return this.#files.some(({ state }) => state.kind === 'uploading');
  }

  /** Begins to upload them, as many as fit into a message. Returns those that don't. */
  add(room: RoomHandle, files: readonly File[], relay: string): readonly File[] {
    const left = MAX_FILES - this.#files.length;
    for (const file of files.slice(0, left)) this.#start(room, file, relay);
    return files.slice(left);
  }

  remove(file: File): void {
    const found = this.#files.find((one) => one.file === file);
    found?.abort.abort();
    if (found?.preview !== undefined) URL.revokeObjectURL(found.preview);
    this.#set(this.#files.filter((one) => one !== found));
  }

  /** Waits for what is under way, and hands over what has arrived. What failed stays. */
  async take(): Promise<readonly Attachment[]> {
    await Promise.all(this.#files.map(({ done }) => done));
    const ready = this.#files.filter(({ state }) => state.kind === 'ready');
    for (const { file } of ready) this.remove(file);
    return ready.flatMap(({ state }) => (state.kind === 'ready' ? [state.attachment] : []));
  }

  #start(room: RoomHandle, file: File, relay: string): void {
    const abort = new AbortController();
    const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : undefined;
    const done = uploadFile(room, file, {
      baseUrl: relay,
      signal: abort.signal,
      onProgress: (fraction) => this.#change(file, { kind: 'uploading', fraction }),
    }).then(
      (attachment) => this.#change(file, { kind: 'ready', attachment }),
      (error: unknown) => this.#change(file, { kind: 'failed', code: codeOf(error) }),
    );
    this.#set([...this.#files, { file, state: { kind: 'uploading', fraction: 0 }, preview, abort, done }]);
  }

  #change(file: File, state: FileState): void {
    this.#set(this.#files.map((one) => (one.file === file ? { ...one, state } : one)));
  }

  #set(files: readonly PendingFile[]): void {
    this.#files = files;
    this.#onChange();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'internal';
}
