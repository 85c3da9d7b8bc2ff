// Keeps what the reader looks at where it is, while rows come and go around it. Browsers differ in doing this
// themselves (Safari did not for years), so that it is off in the styles (`overflow-anchor: none`) and done here.

export interface Anchor {
  readonly element: Element;
  /** Of the element's top edge, below that of the log. */
  readonly top: number;
}

/** The bubbles in view. All of them, since the first may be gone after the next render. `drift`: what `restore` left. */
export function visibleAnchors(log: Element, drift: number): Anchor[] {
  const edge = log.getBoundingClientRect();
  const anchors: Anchor[] = [];
  for (const element of log.querySelectorAll('[data-anchor]')) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom <= edge.top) continue;
    if (top >= edge.bottom) break;
    anchors.push({ element, top: top - edge.top - drift });
  }
  return anchors;
}

/**
 * Scrolls by as much as the anchor has moved. Returns by how much it is off still: browsers scroll by whole pixels of the screen,
 * and over several steps what is left would add up.
 */
export function restore(log: Element, anchors: readonly Anchor[]): number {
  const anchor = anchors.find(({ element }) => element.isConnected);
  const moved = (): number =>
    anchor ? anchor.element.getBoundingClientRect().top - log.getBoundingClientRect().top - anchor.top : 0;
  log.scrollTop += moved();
  return moved();
}

/** How far the end is below what is in view. */
export function distanceToEnd({ scrollHeight, scrollTop, clientHeight }: Element): number {
  return scrollHeight - scrollTop - clientHeight;
}
