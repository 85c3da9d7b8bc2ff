// The rules of the game, for the relay that decides and for the page that guesses ahead: the same inputs make the same world.
// Pure: no clock, no chance but the world's own.

/** 20 steps a second. */
export const STEP_MS = 50;
export const ARENA = { width: 1_280, height: 800 } as const;
export const PLAYER_RADIUS = 18;
export const GEM_RADIUS = 9;
const SPEED = 12;
const DASH_FACTOR = 2.6;
const DASH_STEPS = 4;
const DASH_REST_STEPS = 40;
const STUN_STEPS = 16;
/** Gems that a bump costs. */
const SPILL = 3;
const MAX_GEMS = 60;

/** What a player wants in one step. Directions are from -127 to 127; longer ones than 127 in all count as that. */
export interface Input {
  readonly sequence: number;
  readonly x: number;
  readonly y: number;
  readonly dashes: boolean;
}

/** What an input moves: all that a page has to guess of its own player. */
export interface Body {
  readonly x: number;
  readonly y: number;
  /** Steps that the dash still lasts, then that it rests. */
  readonly dash: number;
  readonly rest: number;
  readonly stun: number;
}

export interface Player {
  readonly id: number;
  body: Body;
  score: number;
  /** Of the last input that was applied. */
  sequence: number;
  isAway: boolean;
}

export interface Gem {
  readonly x: number;
  readonly y: number;
}

export interface World {
  tick: number;
  random: number;
  readonly players: Map<number, Player>;
  gems: readonly Gem[];
}

export function newWorld(seed: number): World {
  const world: World = { tick: 0, random: seed >>> 0, players: new Map(), gems: [] };
  replenish(world);
  return world;
}

/** At a place of the world's own choice. */
export function enter(world: World, id: number): Player {
  const { x, y } = somewhere(world, 80);
  const player: Player = { id, body: { x, y, dash: 0, rest: 0, stun: 0 }, score: 0, sequence: 0, isAway: false };
  world.players.set(id, player);
  return player;
}

/** One input further. The page's guess and the relay's decision are this function. */
export function move(body: Body, input: Input): Body {
  const starts = input.dashes && body.rest === 0 && body.stun === 0;
  const dash = starts ? DASH_STEPS : body.dash;
  const rest = starts ? DASH_REST_STEPS : Math.max(0, body.rest - 1);
  const stun = Math.max(0, body.stun - 1);
  const length = Math.max(127, Math.hypot(input.x, input.y));
  const speed = body.stun > 0 ? 0 : SPEED * (dash > 0 ? DASH_FACTOR : 1);
  const x = within(body.x + (input.x / length) * speed, ARENA.width);
  const y = within(body.y + (input.y / length) * speed, ARENA.height);
  return { x, y, dash: Math.max(0, dash - 1), rest, stun };
}

/** One step of all. Who has no input stands still; players go in the order of their numbers. */
export function step(world: World, inputs: ReadonlyMap<number, readonly Input[]>): void {
  world.tick += 1;
  const players = [...world.players.values()].toSorted((a, b) => a.id - b.id);
  for (const player of players) {
    for (const input of inputs.get(player.id) ?? []) {
      player.body = move(player.body, input);
      player.sequence = input.sequence;
    }
  }
  for (const player of players) collect(world, player);
  for (const player of players) if (player.body.dash > 0) bump(world, player, players);
  if (world.tick % 4 === 0) replenish(world);
}

function collect(world: World, player: Player): void {
  if (player.body.stun > 0 || player.isAway) return;
  const left = world.gems.filter((gem) => distance(gem, player.body) > PLAYER_RADIUS + GEM_RADIUS);
  player.score += world.gems.length - left.length;
  world.gems = left;
}

/** Whoever is run into by a dash stands still for a moment, and what they spill lies around them. */
function bump(world: World, player: Player, others: readonly Player[]): void {
  for (const other of others) {
    if (other === player || other.isAway || other.body.stun > 0 || distance(other.body, player.body) > PLAYER_RADIUS * 2)
      continue;
    const spilt = Math.min(SPILL, other.score);
    other.score -= spilt;
    other.body = { ...other.body, stun: STUN_STEPS, dash: 0 };
    for (let i = 0; i < spilt && world.gems.length < MAX_GEMS; i++) {
      const angle = next(world) * Math.PI * 2;
      const gem = {
        x: within(other.body.x + Math.cos(angle) * 70, ARENA.width),
        y: within(other.body.y + Math.sin(angle) * 70, ARENA.height),
      };
      world.gems = [...world.gems, gem];
    }
  }
}

/** As many gems as are fun for so many players, one at a time, but for the first. */
function replenish(world: World): void {
  const wanted = Math.min(MAX_GEMS, 16 + world.players.size);
  const added = world.tick === 0 ? wanted : 1;
  for (let i = 0; i < added && world.gems.length < wanted; i++) world.gems = [...world.gems, somewhere(world, 30)];
}

function somewhere(world: World, margin: number): Gem {
  const x = Math.round(margin + next(world) * (ARENA.width - margin * 2));
  return { x, y: Math.round(margin + next(world) * (ARENA.height - margin * 2)) };
}

/** Rounded to what a snapshot holds, so that guess and decision agree to the last bit. */
function within(value: number, size: number): number {
  return Math.round(Math.min(size - PLAYER_RADIUS, Math.max(PLAYER_RADIUS, value)) * 16) / 16;
}

function distance(a: Gem, b: Gem): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** From 0 to 1: mulberry32. */
function next(world: World): number {
  world.random = (world.random + 0x6d2b79f5) >>> 0;
  let t = Math.imul(world.random ^ (world.random >>> 15), 1 | world.random);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}
