// What a player wants: by keys, by dragging on the arena, by a tap or a button.
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  KeyA: [-1, 0],
  KeyD: [1, 0],
  KeyW: [0, -1],
  KeyS: [0, 1],
};
/** Of a drag: this far is full speed. */
const FULL_PX = 48;
const TAP_MS = 200;

export class Steering {
  readonly #pressed = new Set<string>();
  #drag: { readonly id: number; readonly x: number; readonly y: number; readonly atMs: number } | undefined;
  #pulled: readonly [number, number] = [0, 0];
  #dashes = false;

  constructor(canvas: HTMLElement, dash: HTMLElement) {
    addEventListener('keydown', (event) => this.#key(event));
    addEventListener('keyup', ({ code }) => this.#pressed.delete(code));
    addEventListener('blur', () => this.#pressed.clear());
    dash.addEventListener('click', () => {
      this.#dashes = true;
    });
    canvas.addEventListener('pointerdown', ({ pointerId, clientX, clientY, timeStamp }) => {
      this.#drag ??= { id: pointerId, x: clientX, y: clientY, atMs: timeStamp };
      canvas.setPointerCapture(pointerId);
    });
    canvas.addEventListener('pointermove', ({ pointerId, clientX, clientY }) => {
      if (this.#drag?.id === pointerId) this.#pulled = [(clientX - this.#drag.x) / FULL_PX, (clientY - this.#drag.y) / FULL_PX];
    });
    for (const type of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(type, ({ pointerId, timeStamp }) => {
        if (this.#drag?.id !== pointerId) return;
        if (type === 'pointerup' && timeStamp - this.#drag.atMs < TAP_MS) this.#dashes = true;
        this.#drag = undefined;
        this.#pulled = [0, 0];
      });
    }
  }

  /** For one step; a dash is asked for once. */
  take(): { readonly x: number; readonly y: number; readonly dashes: boolean } {
    let [x, y] = this.#pulled;
    for (const code of this.#pressed) {
      x += KEYS[code]?.[0] ?? 0;
      y += KEYS[code]?.[1] ?? 0;
    }
    const length = Math.max(1, Math.hypot(x, y));
    const dashes = this.#dashes;
    this.#dashes = false;
    return { x: Math.round((x / length) * 127), y: Math.round((y / length) * 127), dashes };
  }

  #key(event: KeyboardEvent): void {
    const isElsewhere = event.target instanceof HTMLElement && event.target.closest('a, button') !== null;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code === 'Space' && !isElsewhere) this.#dashes ||= !event.repeat;
    else if (KEYS[event.code]) this.#pressed.add(event.code);
    else return;
    event.preventDefault();
  }
}
