// The comments as a list: the last ones up to the playhead. It is what those read who want no motion or hear the page.
import type { Comment, Track } from '../track.ts';
import { FILM_MS } from '../track.ts';

const MAX_ITEMS = 60;
/** While the film runs, of what came since the last time: nobody reads more, and the frame that builds them has to be in time. */
const MAX_NEW = 6;
const BARS = 120;

/** `1:05`, of milliseconds. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export class SaidList {
  readonly #list: HTMLElement;
  readonly #track: Track;
  readonly #items = new Map<string, HTMLElement>();

  constructor(list: HTMLElement, track: Track, onSeek: (atMs: number) => void) {
    this.#list = list;
    this.#track = track;
    list.addEventListener('click', ({ target }) => {
      const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
      if (at !== undefined) onSeek(Number(at));
    });
  }

  /** Shows what was said up to that time in the film, all of it when the film stands. Who has scrolled up stays there. */
  show(atMs: number, film: 'runs' | 'stands'): void {
    const list = this.#list;
    const before = this.#track.before(atMs, MAX_ITEMS);
    const fresh = before.filter(({ id }) => !this.#items.has(id));
    const isElsewhere = fresh.length === before.length; // the page has just begun, or the film has jumped
    const passed = new Set(film === 'runs' && !isElsewhere ? fresh.slice(0, -MAX_NEW) : []);
    const comments = before.filter((comment) => !passed.has(comment));
    if (fresh.length === 0 && comments.length === this.#items.size) return;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const wanted = new Set(comments.map(({ id }) => id));
    for (const [id, item] of this.#items) {
      if (wanted.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    let next = list.firstElementChild;
    for (const comment of comments) {
      const item = this.#items.get(comment.id) ?? this.#make(comment);
      if (item === next) next = next.nextElementSibling;
      else list.insertBefore(item, next);
    }
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }

  #make({ id, text, atMs }: Comment): HTMLElement {
    const item = document.createElement('li');
    const time = document.createElement('button');
    const said = document.createElement('p');
    time.type = 'button';
    time.textContent = clockText(atMs);
    time.dataset['at'] = String(atMs);
    time.ariaLabel = `Go to ${clockText(atMs)}`;
    said.textContent = text;
    said.dir = 'auto';
    item.append(time, said);
    this.#items.set(id, item);
    return item;
  }
}

/** Draws how much was said when, as bars above the seek bar. */
export function drawDensity(canvas: HTMLCanvasElement, track: Track, atMs: number): void {
  const { clientWidth, clientHeight } = canvas;
  canvas.width = clientWidth * devicePixelRatio;
  canvas.height = clientHeight * devicePixelRatio;
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  const counts = track.histogram(BARS);
  const most = Math.max(4, ...counts);
  const step = canvas.width / BARS;
  const [accent, quiet] = ['--accent', '--quiet'].map((token) => style.getPropertyValue(token));
  for (const [bar, count] of counts.entries()) {
    const isPast = bar / BARS <= atMs / FILM_MS;
    context.fillStyle = (isPast ? accent : quiet) ?? '';
    context.globalAlpha = isPast ? 0.75 : 0.35;
    const height = (count / most) * canvas.height;
    context.fillRect(bar * step, canvas.height - height, step * 0.7, height);
  }
}
