// The film: a city by the sea, at night. Every frame follows from its time alone, and the last leads into the first: whatever moves
// does so a whole number of times in a round. It is drawn in a box of 960 by 540, however large the canvas is.
import { FILM_MS } from '../track.ts';
import { chance } from './chance.ts';
import { drawCity, HORIZON } from './film-city.ts';

const BOX = { width: 960, height: 540, horizon: HORIZON } as const;

const TURN = 2 * Math.PI;
const STARS = 110;
const BURSTS = 8;
const SPARKS = 44;
const BURST_MS = 2_600;

type Context = CanvasRenderingContext2D;

export class Film {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: Context;

  /** Throws where the browser can't draw. */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This browser has no canvas to draw on.');
    this.#canvas = canvas;
    this.#context = context;
  }

  /** Draws the frame at that time. The box fills the canvas, and what stands over its sides is cut. */
  draw(atMs: number): void {
    const { width, height } = this.#canvas;
    const scale = Math.max(width / BOX.width, height / BOX.height);
    const context = this.#context;
    context.setTransform(scale, 0, 0, scale, (width - BOX.width * scale) / 2, height - BOX.height * scale);
    const round = atMs / FILM_MS;
    drawSky(context, round);
    drawFireworks(context, atMs);
    drawCity(context, round, scale);
    drawWater(context, round);
    drawFerry(context, round);
    drawLighthouse(context, round);
  }
}

function gradient(context: Context, fromY: number, toY: number, colours: readonly string[]): CanvasGradient {
  const made = context.createLinearGradient(0, fromY, 0, toY);
  for (const [i, colour] of colours.entries()) made.addColorStop(i / (colours.length - 1), colour);
  return made;
}

function drawSky(context: Context, round: number): void {
  context.fillStyle = gradient(context, 0, BOX.horizon, ['#070b22', '#131a45', '#2c2a63', '#6a3b73', '#d0696f']);
  context.fillRect(0, 0, BOX.width, BOX.horizon);
  context.fillStyle = '#ffffff';
  for (let i = 0; i < STARS; i++) {
    const twinkles = 20 + Math.floor(chance(i, 3) * 40);
    const bright = 0.5 + 0.5 * Math.sin(TURN * (round * twinkles + chance(i, 4)));
    const y = chance(i, 2) ** 1.6 * 230;
    context.globalAlpha = (0.25 + 0.75 * bright) * (1 - y / 260);
    const size = 0.8 + chance(i, 5) * 1.5;
    context.fillRect(chance(i, 1) * BOX.width, y, size, size);
  }
  context.globalAlpha = 1;
  const [x, y] = [moonX(round), 96];
  const glow = context.createRadialGradient(x, y, 20, x, y, 150);
  glow.addColorStop(0, 'rgb(255 236 200 / 42%)');
  glow.addColorStop(1, 'rgb(255 236 200 / 0%)');
  context.fillStyle = glow;
  context.fillRect(x - 150, 0, 300, 250);
  context.fillStyle = '#fff3d6';
  context.beginPath();
  context.arc(x, y, 30, 0, TURN);
  context.fill();
}

function moonX(round: number): number {
  return 690 + 60 * Math.sin(TURN * round);
}

/** Over the town, one after the other; those that glow at the film's end have gone before it. */
function drawFireworks(context: Context, atMs: number): void {
  const everyMs = FILM_MS / BURSTS;
  const burst = Math.floor(atMs / everyMs);
  for (let rocket = 0; rocket < 3; rocket++) {
    const age = ((atMs % everyMs) - 2_000 - rocket * 700) / BURST_MS;
    if (age > 0 && age < 1) drawBurst(context, burst * 3 + rocket, age);
  }
}

function drawBurst(context: Context, number: number, age: number): void {
  const x = 300 + chance(number, 11) * 420;
  const y = 90 + chance(number, 12) * 90;
  const hue = Math.floor(chance(number, 13) * 360);
  const reach = (60 + chance(number, 14) * 40) * (1 - (1 - age) ** 3);
  context.globalAlpha = (1 - age) ** 1.4;
  for (let spark = 0; spark < SPARKS; spark++) {
    const angle = TURN * (spark / SPARKS) + chance(spark, 15);
    const far = reach * (0.55 + 0.45 * chance(spark + number * SPARKS, 16));
    context.fillStyle = `hsl(${hue + chance(spark, 17) * 50} 90% ${72 - age * 20}%)`;
    context.fillRect(x + Math.cos(angle) * far - 1.2, y + Math.sin(angle) * far + 36 * age * age - 1.2, 2.4, 2.4);
  }
  context.globalAlpha = 1;
}

function drawWater(context: Context, round: number): void {
  const { width, height, horizon } = BOX;
  context.fillStyle = gradient(context, horizon, height, ['rgb(122 66 104 / 78%)', 'rgb(34 31 82 / 86%)', 'rgb(8 11 34 / 96%)']);
  context.fillRect(0, horizon, width, height - horizon);
  for (let i = 0; i < 90; i++) {
    const depth = chance(i, 21) ** 1.5;
    const waves = 6 + Math.floor(chance(i, 22) * 14);
    const swell = Math.sin(TURN * (round * waves + chance(i, 23)));
    const length = (10 + 70 * depth) * (0.5 + 0.5 * swell);
    context.fillStyle = `rgb(255 205 190 / ${(0.05 + 0.09 * (1 - depth)) * (0.6 + 0.4 * swell)})`;
    context.fillRect(chance(i, 24) * width - length / 2, horizon + 4 + depth * 180, length, 1 + depth * 1.6);
  }
  for (let i = 0; i < 26; i++) {
    const depth = i / 26;
    const swell = Math.sin(TURN * (round * (24 + (i % 5)) + chance(i, 25)));
    const length = (14 + 90 * depth) * (0.65 + 0.35 * swell);
    context.fillStyle = `rgb(255 240 205 / ${0.34 * (1 - depth)})`;
    context.fillRect(moonX(round) - length / 2 + swell * 6, horizon + 3 + depth * 170, length, 1.5 + depth);
  }
}

/** Twice a round, from the left edge to the right. */
function drawFerry(context: Context, round: number): void {
  const x = -170 + ((round * 2) % 1) * (BOX.width + 340);
  const y = 420 + Math.sin(TURN * round * 30) * 2;
  context.save();
  context.translate(x, y);
  context.fillStyle = '#0b0e22';
  context.beginPath();
  context.moveTo(-78, 0);
  context.lineTo(84, 0);
  context.lineTo(66, 22);
  context.lineTo(-66, 22);
  context.fill();
  context.fillRect(-58, -18, 104, 18);
  context.fillRect(-34, -32, 60, 14);
  context.fillRect(-6, -50, 12, 18);
  context.fillStyle = '#ffd27d';
  for (let i = 0; i < 9; i++) context.fillRect(-52 + i * 11, -12, 6, 5);
  for (let i = 0; i < 5; i++) context.fillRect(-28 + i * 11, -27, 5, 4);
  context.fillStyle = 'rgb(255 210 125 / 16%)';
  for (let i = 0; i < 6; i++) context.fillRect(-54 + i * 18 + Math.sin(TURN * (round * 40 + i / 6)) * 4, 28 + i * 3, 14, 2);
  context.restore();
}

function drawLighthouse(context: Context, round: number): void {
  const [x, y] = [92, 300];
  const turn = Math.cos(TURN * round * 24);
  const beam = context.createLinearGradient(x, 0, x + 620 * turn, 0);
  beam.addColorStop(0, `rgb(255 244 205 / ${0.12 + 0.34 * Math.abs(turn)})`);
  beam.addColorStop(1, 'rgb(255 244 205 / 0%)');
  context.fillStyle = beam;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 620 * turn, y - 44);
  context.lineTo(x + 620 * turn, y + 24);
  context.fill();
  context.fillStyle = '#070a1c';
  context.beginPath();
  context.moveTo(0, 398);
  context.quadraticCurveTo(60, 386, 118, 404);
  context.quadraticCurveTo(150, 430, 196, 438);
  context.quadraticCurveTo(226, 462, 262, 470);
  context.quadraticCurveTo(286, 500, 330, BOX.height);
  context.lineTo(0, BOX.height);
  context.fill();
  context.fillStyle = '#10142e';
  context.beginPath();
  context.moveTo(x - 13, 410);
  context.lineTo(x - 8, y + 8);
  context.lineTo(x + 8, y + 8);
  context.lineTo(x + 13, 410);
  context.fill();
  context.fillRect(x - 11, y + 4, 22, 5);
  context.fillRect(x - 7, y - 12, 14, 4);
  context.fillStyle = '#fff1c4';
  context.fillRect(x - 5, y - 8, 10, 12);
}
