// What page and consumer say to each other about files that grow.

/** Something that happened between two lines. */
export type Mark =
  | { readonly mark: 'skipped'; readonly lines: number }
  | { readonly mark: 'jumped'; readonly bytes: number }
  | { readonly mark: 'rotated' }
  | { readonly mark: 'truncated' }
  | { readonly mark: 'missing' };

/** A line without its end, as it stands in the file: escape sequences included. */
export type Entry = string | Mark;

export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
}

export type Frame =
  | { readonly type: 'files'; readonly files: readonly ListedFile[] }
  /** `isFirst`: the last lines that there were when the file was opened for this reader; others follow. */
  | { readonly type: 'lines'; readonly file: string; readonly isFirst: boolean; readonly entries: readonly Entry[] };

export type Request =
  | { readonly type: 'follow'; readonly file: string }
  /** So many frames of lines were shown since the connection opened. */
  | { readonly type: 'ack'; readonly frames: number };

export const BACKLOG_LINES = 1_000;
/** Of what is sent at once, and of what one reader may wait for. */
export const MAX_FRAME_CHARS = 192 * 1_024;

/** Undefined for what no page of ours says. */
export function decodeRequest(data: string | Uint8Array): Request | undefined {
  if (typeof data !== 'string' || data.length > 4_096) return undefined;
  try {
    const { type, file, frames } = JSON.parse(data) as Readonly<Record<string, unknown>>;
    if (type === 'follow' && typeof file === 'string') return { type, file };
    if (type === 'ack' && Number.isSafeInteger(frames)) return { type, frames: frames as number };
  } catch {
    // Not JSON, or null.
  }
  return undefined;
}
