// Comments over the film, on one canvas. A comment's text is measured and painted once; from then on a frame costs a copy of a small
// picture for each comment that is on the stage, and nothing for those that found no lane.
import type { Flying } from '../flights.ts';
import { Flights } from '../flights.ts';
import type { Comment, Track } from '../track.ts';
import { filmTime } from '../track.ts';

const MAX_CHARACTERS = 80;
const MAX_PICTURES = 400;
const MAX_WIDTHS = 2_000;
const COLOURS = ['#ffffff', '#ffd6a5', '#caffbf', '#9bf6ff', '#bdb2ff', '#ffc6ff', '#fdffb6'];
/** After a longer stop nobody has waited for what was due meanwhile: the stage is set anew, as it would be by now. */
const JUMP_MS = 2_000;
/** A comment that comes this late still flies: by then its sender's moment has hardly passed. */
const LATE_MS = 5_000;
const CROSSING_MS = 9_000;

export interface StageSettings {
  /** Of the lanes, those that are used: a part of 1; 0 shows nothing. */
  readonly amount: number;
  /** 1 is the usual one. */
  readonly speed: number;
}

export class Stage {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #track: Track;
  readonly #pictures = new Map<string, HTMLCanvasElement>();
  readonly #widths = new Map<string, number>();
  #settings: StageSettings = { amount: 1, speed: 1 };
  #flights = new Flights<Comment>({ width: 0, lanes: 0, crossingMs: 1 });
  #leftOutBefore = 0;
  #font = '';
  #fontPx = 0;
  #paintedWith = '';
  #scale = 1;
  /** The playhead up to which comments have been started; undefined where the stage is to be set anew. */
  #untilMs: number | undefined;

  constructor(canvas: HTMLCanvasElement, track: Track) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser has no canvas to draw on.');
    this.#canvas = canvas;
    this.#context = context;
    this.#track = track;
  }

  get flyingCount(): number {
    return this.#flights.flying.length;
  }

  get leftOut(): number {
    return this.#leftOutBefore + this.#flights.leftOut;
  }

  set(settings: Partial<StageSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.reset();
  }

  /** Sets the stage anew at the next frame: after a jump, a change of size, or when a comment was taken away. */
  reset(): void {
    this.#untilMs = undefined;
  }

  /** Starts a comment now, whenever it was due. */
  launch(comment: Comment): void {
    if (this.#untilMs !== undefined) this.#launch(comment, this.#untilMs);
  }

  /** One was put on the track: if its moment has just passed it flies now, and else when it is due. */
  arrive(comment: Comment): void {
    if (this.#untilMs !== undefined && filmTime(this.#untilMs - comment.atMs) < LATE_MS) this.launch(comment);
  }

  /** Moves on to that moment of the playhead, and draws. */
  draw(playheadMs: number): void {
    const untilMs = this.#untilMs;
    if (untilMs === undefined || playheadMs < untilMs || playheadMs - untilMs > JUMP_MS) this.#setAnew(playheadMs);
    else this.#start(untilMs, playheadMs);
    this.#flights.advance(playheadMs);
    const { width, height } = this.#canvas;
    this.#context.clearRect(0, 0, width, height);
    for (const flying of this.#flights.flying) this.#drawOne(flying, playheadMs);
  }

  #setAnew(playheadMs: number): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#scale = Math.min(2, devicePixelRatio);
    this.#canvas.width = Math.round(clientWidth * this.#scale);
    this.#canvas.height = Math.round(clientHeight * this.#scale);
    this.#setFont(Math.min(24, Math.max(15, Math.round(clientWidth / 38))));
    const { amount, speed } = this.#settings;
    const lanes = Math.ceil(Math.floor((clientHeight - 16) / this.#laneHeight) * amount);
    const crossingMs = CROSSING_MS / speed;
    this.#leftOutBefore += this.#flights.leftOut;
    this.#flights = new Flights({ width: clientWidth, lanes, crossingMs });
    this.#start(playheadMs - crossingMs, playheadMs);
  }

  #start(afterMs: number, untilMs: number): void {
    for (const { comment, dueMs } of this.#track.due(afterMs, untilMs)) {
      this.#launch(comment, dueMs);
    }
    this.#untilMs = untilMs;
  }

  #launch(comment: Comment, startMs: number): void {
    // What nobody wants to see is not left out for want of room.
    if (this.#settings.amount > 0) this.#flights.launch(comment, startMs, this.#widthOf(labelOf(comment)));
  }

  #setFont(fontPx: number): void {
    const font = `600 ${fontPx}px ${getComputedStyle(this.#canvas).fontFamily}`;
    if (`${font} ${this.#scale}` === this.#paintedWith) return;
    this.#paintedWith = `${font} ${this.#scale}`;
    [this.#font, this.#fontPx] = [font, fontPx];
    this.#pictures.clear();
    this.#widths.clear();
  }

  get #laneHeight(): number {
    return Math.round(this.#fontPx * 1.75);
  }

  #drawOne(flying: Flying<Comment>, playheadMs: number): void {
    const left = this.#flights.leftOf(flying, playheadMs) * this.#scale;
    this.#context.drawImage(this.#pictureOf(flying.comment), left, (8 + flying.lane * this.#laneHeight) * this.#scale);
  }

  #widthOf(label: string): number {
    const known = this.#widths.get(label);
    if (known !== undefined) return known;
    this.#context.font = this.#font;
    const width = Math.ceil(this.#context.measureText(label).width) + this.#fontPx;
    bounded(this.#widths, MAX_WIDTHS).set(label, width);
    return width;
  }

  #pictureOf(comment: Comment): HTMLCanvasElement {
    const colour = colourOf(comment.from);
    const label = labelOf(comment);
    const key = `${colour}${comment.own}${label}`;
    const known = this.#pictures.get(key);
    if (known) return known;
    const picture = document.createElement('canvas');
    picture.width = this.#widthOf(label) * this.#scale;
    picture.height = this.#laneHeight * this.#scale;
    const context = picture.getContext('2d');
    if (context) this.#paint(context, { label, colour, own: comment.own });
    bounded(this.#pictures, MAX_PICTURES).set(key, picture);
    return picture;
  }

  #paint(context: CanvasRenderingContext2D, { label, colour, own }: { label: string; colour: string; own: boolean }): void {
    const [half, middle] = [this.#fontPx / 2, this.#laneHeight / 2];
    context.scale(this.#scale, this.#scale);
    context.font = this.#font;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 3.5;
    context.strokeStyle = 'rgb(6 8 24 / 72%)';
    context.strokeText(label, half, middle);
    context.fillStyle = colour;
    context.fillText(label, half, middle);
    if (own) context.fillRect(half, this.#laneHeight - 5, this.#widthOf(label) - 2 * half, 2);
  }
}

function labelOf({ text }: Comment): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS).join('')}…` : line;
}

function colourOf(from: string): string {
  let sum = 0;
  for (const character of from) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973;
  return COLOURS[sum % COLOURS.length] ?? '#ffffff';
}

/** Makes room for one more: what was painted first is the likeliest to have left. */
function bounded<V>(cache: Map<string, V>, max: number): Map<string, V> {
  const [oldest] = cache.keys();
  if (cache.size >= max && oldest !== undefined) cache.delete(oldest);
  return cache;
}
