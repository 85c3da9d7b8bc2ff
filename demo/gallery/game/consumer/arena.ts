// One room's world while somebody is in it: steps 20 times a second, decides everything, and tells all at once.
import { botInput } from '../bots.ts';
import { Inputs } from '../inputs.ts';
import type { Text } from '../wire.ts';
import { encodeSnapshot } from '../wire.ts';
import type { Input, Player, World } from '../world.ts';
import { enter, newWorld, STEP_MS, step } from '../world.ts';

const MAX_PLAYERS = 64;
/** Who lost the connection stays so long, and is taken up again by the same member. */
const AWAY_STEPS = 200;
const WANTED_PLAYERS = 4;
/** After a pause of the process so many steps are made up for; time beyond them is lost. */
const MAX_STEPS_AT_ONCE = 5;
const BOT_NAMES = ['Robin (bot)', 'Kim (bot)', 'Sasha (bot)'];

interface Seat {
  readonly player: Player;
  readonly name: string;
  /** Of the connection that speaks for it now: an older one of the same member does not. */
  holder: object | undefined;
  awaySince: number;
  inputs: Inputs;
}

interface ArenaOptions {
  readonly seed: number;
  readonly onSnapshot: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly onText: (text: Text) => void;
}

export class Arena {
  readonly world: World;
  readonly #options: ArenaOptions;
  readonly #seats = new Map<string, Seat>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;

  constructor(options: ArenaOptions) {
    this.#options = options;
    this.world = newWorld(options.seed);
  }

  get isEmpty(): boolean {
    return [...this.#seats.values()].every(({ holder }) => holder === undefined);
  }

  get roster(): Text {
    return { type: 'roster', names: Array.from(this.#seats.values(), ({ player, name }) => [player.id, name] as const) };
  }

  /** Takes a seat, or the one that the member has. Undefined where all are taken. */
  enter(holder: object, memberId: string, name: string): Player | undefined {
    let seat = this.#seats.get(memberId);
    if (!seat) {
      this.#fitBots(this.#people() + 1);
      if (this.#seats.size >= MAX_PLAYERS) return undefined;
      seat = this.#sit(memberId, name);
    }
    seat.holder = holder;
    seat.player.isAway = false;
    seat.inputs = new Inputs(seat.player.sequence);
    this.#fitBots(this.#people());
    this.#options.onText(this.roster);
    return seat.player;
  }

  input(holder: object, memberId: string, input: Input): void {
    const seat = this.#seats.get(memberId);
    if (seat?.holder === holder) seat.inputs.add(input);
  }

  leave(holder: object, memberId: string): void {
    const seat = this.#seats.get(memberId);
    if (!seat || seat.holder !== holder) return;
    seat.holder = undefined;
    seat.player.isAway = true;
    seat.awaySince = this.world.tick;
    seat.inputs = new Inputs(seat.player.sequence);
  }

  /** One step of the world, told to all. The timer makes them; tests do when they want to. */
  step(): void {
    const inputs = new Map<number, readonly Input[]>();
    for (const [memberId, { player, inputs: waiting }] of this.#seats) {
      inputs.set(player.id, isBot(memberId) ? [botInput(this.world, player)] : waiting.take());
    }
    step(this.world, inputs);
    this.#dismissAway();
    this.#options.onSnapshot(encodeSnapshot(this.world));
  }

  start(): void {
    if (this.#timer) return;
    this.#dueMs = performance.now() + STEP_MS;
    // Timers are late, never early: what is due by the clock is done, so that the world does not run slow.
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      for (let i = 0; i < MAX_STEPS_AT_ONCE && this.#dueMs <= nowMs; i++) {
        this.step();
        this.#dueMs += STEP_MS;
      }
      if (this.#dueMs <= nowMs) this.#dueMs = nowMs + STEP_MS;
    }, STEP_MS / 2).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #dismissAway(): void {
    let isChanged = false;
    for (const [memberId, { player, awaySince }] of this.#seats) {
      if (!player.isAway || this.world.tick - awaySince < AWAY_STEPS) continue;
      this.#seats.delete(memberId);
      this.world.players.delete(player.id);
      isChanged = true;
    }
    if (!isChanged) return;
    this.#fitBots(this.#people());
    this.#options.onText(this.roster);
  }

  #people(): number {
    return [...this.#seats.keys()].filter((memberId) => !isBot(memberId)).length;
  }

  /** Bots make up for people who are not there, and go when they come. */
  #fitBots(people: number): void {
    BOT_NAMES.forEach((name, i) => {
      const memberId = `bot:${i}`;
      const isWanted = people + i < WANTED_PLAYERS;
      const seat = this.#seats.get(memberId);
      if (isWanted && !seat) this.#sit(memberId, name);
      if (isWanted || !seat) return;
      this.#seats.delete(memberId);
      this.world.players.delete(seat.player.id);
    });
  }

  #sit(memberId: string, name: string): Seat {
    let id = 1;
    while (this.world.players.has(id)) id += 1;
    const seat: Seat = { player: enter(this.world, id), name, holder: undefined, awaySince: 0, inputs: new Inputs() };
    this.#seats.set(memberId, seat);
    return seat;
  }
}

/** No member of a relay is called that: ids of members come from it or from tokens, and bots of this room speak for nobody. */
function isBot(memberId: string): boolean {
  return memberId.startsWith('bot:');
}
