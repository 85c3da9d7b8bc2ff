// The page of bullet comments: a film that the page draws, comments that fly over it, and a list for who wants no motion.
import { followClient } from '../shared/connection.ts';
import { Comments } from './page/comments.ts';
import { Crowd } from './page/crowd.ts';
import { Film } from './page/film.ts';
import { clockText, drawDensity, SaidList } from './page/said.ts';
import { Stage } from './page/stage.ts';
import { Playback } from './playback.ts';
import { FILM_MS, filmTime, Track } from './track.ts';

const LIST_EVERY_MS = 100;
const PLACE_EVERY_MS = 500;

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as T; // the page beside this is ours
}

const filmCanvas = element<HTMLCanvasElement>('film');
const overlay = element<HTMLCanvasElement>('overlay');
const seek = element<HTMLInputElement>('seek');
const play = element<HTMLButtonElement>('play');
const live = element<HTMLButtonElement>('live');
const mute = element<HTMLButtonElement>('mute');
const crowdButton = element<HTMLButtonElement>('crowd');
const box = element<HTMLInputElement>('text');

const motion = matchMedia('(prefers-reduced-motion: reduce)');
const playback = new Playback();
const track = new Track();
const film = new Film(filmCanvas);
const stage = new Stage(overlay, track);
const crowd = new Crowd();
const said = new SaidList(element('said'), track, seekTo);

// --- each frame -------------------------------------------------------------------------------------------------------

let drawnAtMs = Number.NaN;
let frames = 0;
/** This device asks for little motion: comments are in the list, and nowhere else. */
let isCalm = false;

function render(): void {
  requestAnimationFrame(render);
  const playheadMs = playback.at(Date.now());
  if (playheadMs === drawnAtMs) return;
  // Who wants no motion gets the picture of the moment at which the page was opened, paused or sought.
  if (!isCalm || playback.isPaused || Number.isNaN(drawnAtMs)) film.draw(filmTime(playheadMs));
  if (!isCalm) {
    stage.draw(playheadMs);
    if (!playback.isPaused) for (const comment of crowd.due(playheadMs)) stage.launch(comment);
  }
  drawnAtMs = playheadMs;
  frames += 1;
}

/** Asked here alone: a browser that was asked for `matches` in between tells of no change any more. */
function showMotion(): void {
  isCalm = motion.matches;
  overlay.hidden = isCalm;
  redraw();
}

/** Draws once more although the playhead has not moved. */
function redraw(): void {
  drawnAtMs = Number.NaN;
  stage.reset();
}

new ResizeObserver(() => {
  const scale = Math.min(2, devicePixelRatio);
  filmCanvas.width = Math.round(filmCanvas.clientWidth * scale);
  filmCanvas.height = Math.round(filmCanvas.clientHeight * scale);
  redraw();
}).observe(filmCanvas);
motion.addEventListener('change', showMotion);

// --- the player -------------------------------------------------------------------------------------------------------

function seekTo(filmMs: number): void {
  playback.seek(Math.min(filmMs, FILM_MS - 1), Date.now()); // its end is its last moment, and not its first
  redraw();
  showPlace();
}

function togglePlay(): void {
  if (playback.isPaused) playback.play(Date.now());
  else playback.pause(Date.now());
  showPlace();
}

function showPlace(): void {
  const wallMs = Date.now();
  const atMs = filmTime(playback.at(wallMs));
  seek.value = String(Math.floor(atMs / 1_000));
  seek.ariaValueText = clockText(atMs);
  element('time').textContent = clockText(atMs);
  play.ariaLabel = playback.isPaused ? 'Play' : 'Pause';
  play.dataset['paused'] = String(playback.isPaused);
  live.ariaPressed = String(playback.isLive(wallMs));
  showSaid();
  drawDensity(element<HTMLCanvasElement>('density'), track, atMs);
}

function showSaid(): void {
  said.show(filmTime(playback.at(Date.now())), playback.isPaused || isCalm ? 'stands' : 'runs');
}

play.addEventListener('click', togglePlay);
seek.addEventListener('input', () => seekTo(seek.valueAsNumber * 1_000));
live.addEventListener('click', () => {
  playback.goLive();
  redraw();
  showPlace();
});
setInterval(() => {
  if (!playback.isPaused) showSaid();
}, LIST_EVERY_MS);
setInterval(() => {
  if (!playback.isPaused) showPlace();
}, PLACE_EVERY_MS);

// --- comments ---------------------------------------------------------------------------------------------------------

const comments = new Comments('danmaku', track, {
  onComment: (comment) => {
    stage.arrive(comment);
    if (playback.isPaused) showPlace();
  },
  onChange: () => {
    redraw();
    showPlace();
  },
});
followClient(comments.client);
// Where the room is refused for good, the badge says so.
comments.join().catch(() => undefined);

element('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (text === '') return;
  box.value = '';
  // It flies when it is stored, for its author as for everybody. What can't be stored comes back into the box.
  comments.say(text, filmTime(playback.at(Date.now()))).catch(() => {
    box.value ||= text;
  });
});

// --- settings ---------------------------------------------------------------------------------------------------------

function showAmount(): void {
  const chosen = document.querySelector<HTMLInputElement>('#amount input:checked');
  stage.set({ amount: mute.ariaPressed === 'true' ? Number(chosen?.value ?? 1) : 0 });
  redraw();
}

function toggle(button: HTMLButtonElement): boolean {
  button.ariaPressed = String(button.ariaPressed !== 'true');
  return button.ariaPressed === 'true';
}

mute.addEventListener('click', () => {
  toggle(mute);
  showAmount();
});
element('amount').addEventListener('change', showAmount);
crowdButton.addEventListener('click', () => crowd.run(toggle(crowdButton)));
element<HTMLInputElement>('speed').addEventListener('input', ({ target }) => {
  stage.set({ speed: (target as HTMLInputElement).valueAsNumber });
  redraw();
});
element<HTMLInputElement>('opacity').addEventListener('input', ({ target }) => {
  overlay.style.opacity = (target as HTMLInputElement).value;
});
overlay.style.opacity = element<HTMLInputElement>('opacity').value;

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('input:not([type="range"]), button, a'))
    return;
  if (event.key === ' ') togglePlay();
  else if (event.key === 'm') mute.click();
  else if (event.key === '/') box.focus();
  else return;
  event.preventDefault();
});

setInterval(() => {
  const counts = `${stage.flyingCount} flying · ${stage.leftOut.toLocaleString('en')} left out`;
  const rate = playback.isPaused ? '' : ` · ${frames} frames/s`;
  element('counts').textContent = isCalm ? 'Comments do not fly here: this device asks for little motion.' : `${counts}${rate}`;
  frames = 0;
}, 1_000);

showMotion();
showPlace();
render();
