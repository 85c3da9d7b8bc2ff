// The bytes of a file on their way to the relay: by XMLHttpRequest where there is one, since it alone tells how far they have
// come, else by fetch.

import { ChatError } from '../errors.ts';

/** One PUT. `ticket` is the relay's permission. */
export interface FilePut {
  readonly url: string;
  readonly ticket: string;
  readonly file: Blob;
  readonly signal?: AbortSignal | undefined;
  /** Told how much of it has been sent, from 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** What the relay answered. */
export interface PutAnswer {
  readonly status: number;
  readonly text: string;
}

/** The part of XMLHttpRequest that is used: this package knows no DOM. */
interface ProgressingRequest {
  readonly upload: { onprogress: ((event: { readonly loaded: number; readonly total: number }) => void) | null };
  readonly status: number;
  readonly responseText: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob): void;
  abort(): void;
}

type Platform = typeof globalThis & { readonly XMLHttpRequest?: new () => ProgressingRequest };

/** Sends it. Rejects with the signal's reason, or with `unreachable` where the relay does not answer. */
export function putFile(put: FilePut): Promise<PutAnswer> {
  const { XMLHttpRequest: Request } = globalThis as Platform;
  return Request ? putWithProgress(new Request(), put) : putByFetch(put);
}

function putWithProgress(request: ProgressingRequest, { url, ticket, file, signal, onProgress }: FilePut): Promise<PutAnswer> {
  return new Promise<PutAnswer>((resolve, reject) => {
    const abort = (): void => request.abort();
    const done = (settle: () => void) => (): void => {
      signal?.removeEventListener('abort', abort);
      settle();
    };
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 1 : loaded / total);
    request.onload = done(() => resolve({ status: request.status, text: request.responseText }));
    request.onerror = done(() => reject(unreachable()));
    request.onabort = done(() => reject(signal?.reason));
    request.open('PUT', url);
    request.setRequestHeader('authorization', `Bearer ${ticket}`);
    signal?.addEventListener('abort', abort);
    request.send(file);
  });
}

async function putByFetch({ url, ticket, file, signal, onProgress }: FilePut): Promise<PutAnswer> {
  onProgress?.(0);
  try {
    const headers = { authorization: `Bearer ${ticket}` };
    const response = await fetch(url, { method: 'PUT', headers, body: file, ...(signal && { signal }) });
    const text = await response.text();
    onProgress?.(1);
    return { status: response.status, text };
  } catch {
    signal?.throwIfAborted();
    throw unreachable();
  }
}

function unreachable(): ChatError {
  return new ChatError('unreachable', 'retry', 'The file did not reach the relay.');
}
