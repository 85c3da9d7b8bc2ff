// Keeps what the reader looks at where it is, while rows come and go around it. Browsers differ in doing this
// themselves (Safari did not for years), so that it is off in the styles (`overflow-anchor: none`) and done here.

export interface Anchor {
  readonly element: Element;
  /** Of the element's top edge, below that of the log. */
  readonly top: number;
}

const MOST = 6;

/** The first bubbles in view. Several, since the first of them may be gone after the next render. */
export function visibleAnchors(log: Element): Anchor[] {
  const edge = log.getBoundingClientRect();
  const anchors: Anchor[] = [];
  for (const element of log.querySelectorAll('[data-anchor]')) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom <= edge.top) continue;
    if (top >= edge.bottom || anchors.length === MOST) break;
    anchors.push({ element, top: top - edge.top });
  }
  return anchors;
}

/** Scrolls by as much as the anchor has moved. */
export function restore(log: Element, anchors: readonly Anchor[]): void {
  const anchor = anchors.find(({ element }) => element.isConnected);
  if (anchor === undefined) return;
  const moved = anchor.element.getBoundingClientRect().top - log.getBoundingClientRect().top - anchor.top;
  if (Math.abs(moved) >= 0.5) log.scrollTop += moved;
}

/** How far the end is below what is in view. */
export function distanceToEnd({ scrollHeight, scrollTop, clientHeight }: Element): number {
  return scrollHeight - scrollTop - clientHeight;
}
