// The arena as a picture, crisp on any screen and in both themes.
import type { Gem } from '../world.ts';
import { ARENA, GEM_RADIUS, PLAYER_RADIUS } from '../world.ts';
import { viewOf } from './view.ts';

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

/** How names are written, and how far to the sides they may reach; lengths in the arena's units. */
interface Ink {
  readonly text: string;
  readonly surface: string;
  readonly size: number;
  readonly left: number;
  readonly right: number;
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
    const { clientWidth, clientHeight } = this.#canvas;
    const view = viewOf(
      clientWidth,
      clientHeight,
      players.find(({ isYou }) => isYou),
    );
    this.#fit(clientWidth, clientHeight);
    const scale = view.scale * devicePixelRatio;
    const context = this.#context;
    const style = getComputedStyle(this.#canvas);
    const [surface = '', line = '', text = ''] = ['--surface', '--line', '--text'].map((token) => style.getPropertyValue(token));
    context.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
    context.fillStyle = surface;
    context.fillRect(0, 0, ARENA.width, ARENA.height);
    context.fillStyle = line;
    for (let x = 40; x < ARENA.width; x += 40) for (let y = 40; y < ARENA.height; y += 40) context.fillRect(x - 1, y - 1, 2, 2);
    for (const gem of gems) this.#gem(gem);
    for (const player of players) this.#player(player, text);
    // Over all players, one's own last: where many meet, words can still be read.
    const size = Math.max(14, 12 / view.scale);
    const left = view.x + 4;
    const right = view.x + clientWidth / view.scale - 4;
    const ink = { text, surface, size, left, right };
    for (const player of players) if (!player.isYou) this.#name(player, ink);
    for (const player of players) if (player.isYou) this.#name(player, ink);
  }

  /** As many pixels as the screen has. */
  #fit(clientWidth: number, clientHeight: number): void {
    const width = Math.max(1, Math.round(clientWidth * devicePixelRatio));
    const height = Math.max(1, Math.round(clientHeight * devicePixelRatio));
    if (this.#canvas.width !== width || this.#canvas.height !== height)
      [this.#canvas.width, this.#canvas.height] = [width, height];
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

  #player(player: PaintedPlayer, text: string): void {
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
    context.globalAlpha = 1;
  }

  #name({ x, y, isAway, isYou, name }: PaintedPlayer, { text, surface, size, left, right }: Ink): void {
    if (x + PLAYER_RADIUS < left || x - PLAYER_RADIUS > right) return;
    const context = this.#context;
    const words = isYou ? 'You' : name;
    context.globalAlpha = isAway ? 0.4 : 1;
    context.font = `${isYou ? 650 : 500} ${size}px system-ui, sans-serif`;
    context.textAlign = 'center';
    context.lineJoin = 'round';
    context.lineWidth = 4;
    context.strokeStyle = surface;
    context.fillStyle = text;
    const half = context.measureText(words).width / 2;
    const at = Math.max(left + half, Math.min(x, right - half));
    context.strokeText(words, at, y - PLAYER_RADIUS - 8);
    context.fillText(words, at, y - PLAYER_RADIUS - 8);
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
