// The demo's start page: a tile shows a picture of its page, and the page itself to whoever points at it.
import { visitorName } from './visitor-name.ts';

const PREVIEW_WIDTH_PX = 1_120;
/** Who passes over a tile on the way to another does not ask for its page. */
const POINTED_AT_MS = 350;

const name = visitorName();
if (name !== undefined) document.querySelector('chat-room')?.setAttribute('name', name);

for (const tile of document.querySelectorAll<HTMLElement>('.tile')) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => run(tile), POINTED_AT_MS);
  };
  const stop = (): void => {
    clearTimeout(timer);
    tile.querySelector('iframe')?.remove();
  };
  if (matchMedia('(hover: hover)').matches) {
    tile.addEventListener('mouseenter', start);
    tile.addEventListener('mouseleave', stop);
  }
  tile.addEventListener('focusin', start);
  tile.addEventListener('focusout', stop);
}

function run(tile: HTMLElement): void {
  const preview = tile.querySelector<HTMLElement>('.preview');
  if (!preview || preview.querySelector('iframe')) return;
  const frame = document.createElement('iframe');
  frame.src = `/gallery/${tile.dataset['page']}/`;
  frame.inert = true; // what can be used is the page behind the link
  frame.tabIndex = -1;
  frame.title = '';
  frame.ariaHidden = 'true';
  frame.style.transform = `scale(${preview.clientWidth / PREVIEW_WIDTH_PX})`;
  preview.append(frame);
}
