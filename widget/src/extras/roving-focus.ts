// The log is one stop for the Tab key. Arrows move among the messages in it; Enter goes into one, where the arrows move among
// its links and buttons; Escape comes out.

const MESSAGE = '[role="article"]';
/** Reading directions differ: both pairs of arrows move. */
const STEPS: { readonly [key: string]: number } = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const INSIDE = 'a[href], button, pre';

/** Moves the focus, where `event` asks for that. `onEdge` hears that there is nothing more in that direction. */
export function roveFocus(event: KeyboardEvent, onEdge: (edge: 'first' | 'last') => void): void {
  const log = event.currentTarget as Element;
  const target = event.target as Element;
  const message = target.closest<HTMLElement>(MESSAGE);
  if (message === null || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target !== message) {
    if (event.key === 'Escape') move(event, message);
    else moveInside(event, message);
    return;
  }
  if (event.key === 'Enter') move(event, message.querySelector<HTMLElement>(INSIDE));
  else moveAmong(event, log, message, onEdge);
}

function moveInside(event: KeyboardEvent, message: HTMLElement): void {
  const parts = [...message.querySelectorAll<HTMLElement>(INSIDE)];
  const place = parts.indexOf(event.target as HTMLElement);
  const step = STEPS[event.key];
  if (step !== undefined) move(event, parts[(place + step + parts.length) % parts.length]);
}

function moveAmong(event: KeyboardEvent, log: Element, message: HTMLElement, onEdge: (edge: 'first' | 'last') => void): void {
  const messages = [...log.querySelectorAll<HTMLElement>(MESSAGE)];
  const place = destination(event.key, messages.indexOf(message), messages.length);
  if (place === undefined) return;
  if (place < 0 || event.key === 'Home') onEdge('first');
  if (event.key === 'End') onEdge('last');
  move(event, messages[Math.min(Math.max(place, 0), messages.length - 1)]);
}

function destination(key: string, place: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowUp':
      return place - 1;
    case 'ArrowDown':
      return place + 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

function move(event: Event, target: HTMLElement | null | undefined): void {
  if (!target) return;
  event.preventDefault();
  event.stopPropagation();
  target.focus();
}
