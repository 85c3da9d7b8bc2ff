// The arena as a picture, crisp on any screen and in both themes.
import type { Gem } from '../world.ts';
import { ARENA, GEM_RADIUS, PLAYER_RADIUS } from '../world.ts';

export interface PaintedPlayer {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly isYou: boolean;
  readonly isAway: boolean;
  readonly isDashing: boolean;
  readonly isStunned: boolean;
}

/** The same for the same number, and far from those of its neighbours. */
export function colourOf(id: number): string {
  return `oklch(0.68 0.17 ${Math.round((id * 137.5 + 250) % 360)})`;
}

export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser draws on no canvas.');
    this.#canvas = canvas;
    this.#context = context;
  }

  draw(players: readonly PaintedPlayer[], gems: readonly Gem[]): void {
    const scale = this.#fit();
    const context = this.#context;
    const style = getComputedStyle(this.#canvas);
    const [surface, line, text] = ['--surface', '--line', '--text'].map((token) => style.getPropertyValue(token));
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = surface ?? '';
    context.fillRect(0, 0, ARENA.width, ARENA.height);
    context.fillStyle = line ?? '';
    for (let x = 40; x < ARENA.width; x += 40) for (let y = 40; y < ARENA.height; y += 40) context.fillRect(x - 1, y - 1, 2, 2);
    for (const gem of gems) this.#gem(gem);
    for (const player of players) this.#player(player, text ?? '', scale);
  }

  /** As many pixels as the screen has; answers how many that are for one of the arena. */
  #fit(): number {
    const width = Math.max(1, Math.round(this.#canvas.clientWidth * devicePixelRatio));
    const height = Math.round((width * ARENA.height) / ARENA.width);
    if (this.#canvas.width !== width || this.#canvas.height !== height)
      [this.#canvas.width, this.#canvas.height] = [width, height];
    return width / ARENA.width;
  }

  #gem({ x, y }: Gem): void {
    const context = this.#context;
    const hue = Math.round((x * 3 + y * 5) % 360);
    const half = (points: readonly (readonly [number, number])[], colour: string): void => {
      context.fillStyle = colour;
      context.beginPath();
      for (const [dx, dy] of points) context.lineTo(x + dx * GEM_RADIUS, y + dy * GEM_RADIUS);
      context.fill();
    };
    half(
      [
        [0, -1.2],
        [0.95, -0.2],
        [0, 1.2],
      ],
      `oklch(0.62 0.16 ${hue})`,
    );
    half(
      [
        [0, -1.2],
        [-0.95, -0.2],
        [0, 1.2],
      ],
      `oklch(0.78 0.14 ${hue})`,
    );
  }

  #player(player: PaintedPlayer, text: string, scale: number): void {
    const context = this.#context;
    const { x, y } = player;
    context.globalAlpha = player.isAway ? 0.3 : player.isStunned ? 0.6 : 1;
    context.fillStyle = colourOf(player.id);
    if (player.isDashing) this.#ring(x, y, PLAYER_RADIUS + 9, 5, colourOf(player.id));
    context.beginPath();
    context.arc(x, y, PLAYER_RADIUS, 0, Math.PI * 2);
    context.fill();
    if (player.isYou) this.#ring(x, y, PLAYER_RADIUS + 3, 3, text);
    context.fillStyle = '#10162b';
    for (const side of [-6, 6]) {
      context.beginPath();
      context.arc(x + side, y - 3, player.isStunned ? 1.5 : 3, 0, Math.PI * 2);
      context.fill();
    }
    // Words are as large as they can be read, however small the arena.
    const size = Math.max(14, (12 * devicePixelRatio) / scale);
    context.font = `${player.isYou ? 650 : 500} ${size}px system-ui, sans-serif`;
    context.textAlign = 'center';
    context.fillStyle = text;
    context.fillText(player.isYou ? 'You' : player.name, x, y - PLAYER_RADIUS - 8);
    context.globalAlpha = 1;
  }

  #ring(x: number, y: number, radius: number, width: number, colour: string): void {
    const context = this.#context;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, radius, 0, Math.PI * 2);
    context.stroke();
  }
}
