// How a page that is new finds the document in the log without reading a year of it: backwards, a page of history at a time,
// to the latest snapshot that is whole, and on to what that one covers.
import type { PlacedPiece, Whole } from './pieces.ts';
import { Assembly } from './pieces.ts';

/** Pieces of one page of the log, in its order. Other events are left out, but count for `first`. */
export interface LogPage {
  readonly pieces: readonly PlacedPiece[];
  /** Offset of the page's first event, whatever it is. */
  readonly first: number | undefined;
  /** Nothing is before this page. */
  readonly atStart: boolean;
}

/** What makes the document: the snapshot, then the pieces behind what it covers, in the order of the log. */
export interface Found {
  readonly snapshot: Whole | undefined;
  readonly pieces: readonly PlacedPiece[];
}

/** Without `before`, the last page of the log. */
export type ReadPage = (before: number | undefined) => Promise<LogPage>;

export async function readBack(readPage: ReadPage): Promise<Found> {
  const assembly = new Assembly();
  const pages: (readonly PlacedPiece[])[] = [];
  let snapshot: Whole | undefined;
  let before: number | undefined;
  for (;;) {
    const { pieces, first, atStart } = await readPage(before);
    pages.unshift(pieces);
    for (const placed of [...pieces].reverse())
      if (!snapshot && placed.piece.kind === 'snapshot') snapshot = assembly.add(placed);
    const covers = coveredBy(snapshot);
    if (atStart || first === undefined || first <= covers + 1)
      return { snapshot, pieces: pages.flat().filter(({ offset }) => offset > covers) };
    before = first;
  }
}

/** Offset up to which a snapshot has everything; without one, 0. */
export function coveredBy(snapshot: Whole | undefined): number {
  return snapshot?.kind === 'snapshot' ? snapshot.covers : 0;
}
