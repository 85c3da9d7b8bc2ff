// What is done to a body on its way to the store: its beginning is looked at, its length and its pace are held to what was agreed.

import type { UploadGrant } from './ticket.ts';
import { UploadProblem } from './upload-problem.ts';

/** A beginning that is enough to tell a kind of file, and the size of a picture. */
const HEAD_BYTES = 16_384;
/** A body must be there by then: a minute, and what a slow line of 8 KiB/s takes. */
const GRACE_MS = 60_000;
const SLOWEST_BYTES_PER_MS = 8.192;

/** A body of which the beginning has been read. It is iterated from that on. */
export interface PeekedBody {
  readonly head: Uint8Array;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Reads so much that the beginning can be looked at. Rejects with what the body rejects with. */
export async function peek(body: AsyncIterable<Uint8Array>): Promise<PeekedBody> {
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let isOver = false;
  while (bytes < HEAD_BYTES && !isOver) {
    const step = await iterator.next();
    isOver = step.done === true;
    if (step.done) break;
    chunks.push(step.value);
    bytes += step.value.length;
  }
  const head = Buffer.concat(chunks);
  return { head, body: resumed(head, iterator, isOver) };
}

/** Passes a body on that is exactly as long as the ticket says, and fast enough. Else it rejects with an UploadProblem. */
export async function* exactly(
  { bytes }: Pick<UploadGrant, 'bytes'>,
  body: AsyncIterable<Uint8Array>,
  now: () => number,
): AsyncGenerator<Uint8Array, void, void> {
  const due = now() + GRACE_MS + bytes / SLOWEST_BYTES_PER_MS;
  let left = bytes;
  for await (const chunk of body) {
    left -= chunk.length;
    if (left < 0) throw new UploadProblem('too_large');
    if (now() > due) throw new UploadProblem('too_slow');
    yield chunk;
  }
  if (left > 0) throw new UploadProblem('length_mismatch', `The body is ${left} bytes shorter than the ticket says.`);
}

async function* resumed(
  head: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
  isOver: boolean,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    if (head.length > 0) yield head;
    if (isOver) return;
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
  } finally {
    await iterator.return?.();
  }
}
