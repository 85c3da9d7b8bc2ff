// The game's page: one input a step, its own player at once by the same rules as the relay's, the others a tenth of a second ago.
import { LiveSocket } from '../shared/live-socket.ts';
import { colourOf, Painter } from './page/painter.ts';
import { Steering } from './page/steering.ts';
import { Interpolation, Prediction } from './prediction.ts';
import type { SeenPlayer, Snapshot, Text } from './wire.ts';
import { decodeSnapshot, encodeInput } from './wire.ts';
import type { Body } from './world.ts';
import { STEP_MS } from './world.ts';

const RESUME = 'gallery-game-resume';
/** Of a page that was asleep, what it would have wanted meanwhile is nobody's business. */
const MAX_STEPS_AT_ONCE = 4;

function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as T;
}

const canvas = element<HTMLCanvasElement>('arena');
const painter = new Painter(canvas);
const steering = new Steering(canvas, element('dash'));
const prediction = new Prediction();
const others = new Interpolation();
const names = new Map<number, string>();
let you = 0;
let sequence = 0;
let latest: Snapshot | undefined;
let before: Body | undefined;
let nextStepMs = 0;

const socket = new LiveSocket('/ws/gallery/game/arena', {
  onOpen: () => socket.send(recall()),
  onMessage: (data) => {
    if (typeof data === 'string') told(JSON.parse(data) as Text);
    else seen(decodeSnapshot(data));
  },
  onClose: () => {
    you = 0;
    prediction.forget();
  },
});

/** A tab is a player; a reload is the same one. */
function recall(): string {
  try {
    return sessionStorage.getItem(RESUME) ?? '';
  } catch {
    return ''; // storage is forbidden: somebody new
  }
}

function told(text: Text): void {
  if (text.type === 'you') {
    you = text.id;
    sequence = text.sequence;
    try {
      sessionStorage.setItem(RESUME, text.resume);
    } catch {
      // Somebody new after a reload, then.
    }
    return;
  }
  names.clear();
  for (const [id, name] of text.names) names.set(id, name);
  showScores();
}

function seen(snapshot: Snapshot): void {
  latest = snapshot;
  others.add(snapshot, performance.now());
  const self = snapshot.players.find(({ id }) => id === you);
  if (self) prediction.reconcile(self);
}

function draw(nowMs: number): void {
  requestAnimationFrame(draw);
  if (nowMs - nextStepMs > STEP_MS * MAX_STEPS_AT_ONCE) nextStepMs = nowMs;
  for (; nextStepMs <= nowMs; nextStepMs += STEP_MS) stepOnce();
  if (!latest) return;
  const places = others.at(nowMs);
  const part = 1 - Math.max(0, nextStepMs - nowMs) / STEP_MS;
  painter.draw(
    latest.players.map((player) => paintedOf(player, places.get(player.id) ?? player.body, part)),
    latest.gems,
  );
}

/** Between two steps one's own player is between two places. */
function paintedOf(player: SeenPlayer, place: { readonly x: number; readonly y: number }, part: number) {
  const isYou = player.id === you;
  const body = (isYou && prediction.body) || player.body;
  const from = before ?? body;
  const x = isYou ? from.x + (body.x - from.x) * part : place.x;
  const y = isYou ? from.y + (body.y - from.y) * part : place.y;
  const { id, isAway } = player;
  return { id, x, y, name: names.get(id) ?? '', isYou, isAway, isDashing: body.dash > 0, isStunned: body.stun > 0 };
}

function stepOnce(): void {
  const wanted = steering.take();
  before = prediction.body;
  if (you === 0) return;
  const input = { sequence: sequence + 1, ...wanted };
  if (!prediction.input(input)) return;
  sequence += 1;
  socket.send(encodeInput(input));
}

function showScores(): void {
  const players = (latest?.players ?? []).toSorted((a, b) => b.score - a.score || a.id - b.id);
  const rows = players.slice(0, 10).map(({ id, score, isAway }) => {
    const row = document.createElement('li');
    row.classList.toggle('you', id === you);
    const [dot, name, points] = ['dot', 'name', 'score'].map((className) => {
      const part = document.createElement('span');
      part.className = className;
      row.append(part);
      return part;
    });
    if (dot) dot.style.background = colourOf(id);
    if (name) name.textContent = `${names.get(id) ?? ''}${id === you ? ' (you)' : ''}${isAway ? ', away' : ''}`;
    if (points) points.textContent = String(score);
    return row;
  });
  element('scores').replaceChildren(...rows);
}

setInterval(showScores, 500);
requestAnimationFrame(draw);
