// The game's consumer. The world is the relay's: a page says what its player wants (one input a step), the relay says what happened
// (one snapshot a step, framed once for all in the arena).
//
// A snapshot is the whole state, so nobody is ever sent an old one: who does not read leaves the group until their buffer is empty.
//
// A world lives in one process. With --workers or several relays each process has an arena of its own under the same name: people
// on different processes do not meet. To have one for all, route /ws/gallery/game/ to one process.
import { randomUUID } from 'node:crypto';
import type { Connection, Route } from '@chat-room/relay';
import { Consumer, route } from '@chat-room/relay';
import { Arena } from './consumer/arena.ts';
import type { Text } from './wire.ts';
import { decodeInput } from './wire.ts';

/** Snapshots of about two seconds. */
const MAX_BUFFERED_BYTES = 32 * 1_024;
const MAX_ARENAS = 100;
/** Groups reach all relays; an arena's is its process's alone. */
const PROCESS = randomUUID();

interface OpenArena {
  readonly arena: Arena;
  readonly consumers: Set<GameConsumer>;
}

/** The arenas of one process, by name. */
class Arenas {
  readonly #open = new Map<string, OpenArena>();

  /** Undefined where there are too many. */
  enter(name: string, consumer: GameConsumer): Arena | undefined {
    const open = this.#open.get(name) ?? (this.#open.size < MAX_ARENAS ? this.#begin(name, consumer) : undefined);
    open?.consumers.add(consumer);
    open?.arena.start();
    return open?.arena;
  }

  /** With its last player a world stops; it is forgotten then. */
  leave(name: string, consumer: GameConsumer): void {
    const open = this.#open.get(name);
    open?.consumers.delete(consumer);
    if (!open || open.consumers.size > 0) return;
    open.arena.stop();
    this.#open.delete(name);
  }

  #begin(name: string, { layer }: GameConsumer): OpenArena {
    const consumers = new Set<GameConsumer>();
    const group = groupOf(name);
    // A relay that is losing its bus loses snapshots; the next is as good.
    const tell = (message: { type: 'send'; text: string } | { type: 'send'; base64: string }): void => {
      void layer.groupSend(group, message).catch(() => undefined);
    };
    const arena = new Arena({
      seed: Date.now(),
      onSnapshot: (bytes) => {
        for (const consumer of consumers) consumer.keepUp();
        tell({ type: 'send', base64: Buffer.from(bytes).toString('base64') });
      },
      onText: (text) => tell({ type: 'send', text: JSON.stringify(text) }),
    });
    const open = { arena, consumers };
    this.#open.set(name, open);
    return open;
  }
}

function groupOf(name: string): string {
  return `game-${name}-${PROCESS}`;
}

class GameConsumer extends Consumer<{ arena: string }> {
  readonly #arenas: Arenas;
  #arena: Arena | undefined;
  #memberId = '';
  #isBehind = false;

  constructor(connection: Connection<{ arena: string }>, arenas: Arenas) {
    super(connection);
    this.#arenas = arenas;
  }

  override async receive(data: string | Uint8Array): Promise<void> {
    const input = decodeInput(data);
    if (input && this.#arena) this.#arena.input(this, this.#memberId, input);
    else if (typeof data === 'string' && !this.#arena) await this.#enter(data);
    else this.close(4500, 'bad_request'); // no page of ours says that, and another would say it again
  }

  override disconnect(): void {
    this.#arena?.leave(this, this.#memberId);
    this.#arenas.leave(this.params.arena, this);
  }

  /** Before each snapshot: who has too much to read misses those that come, and what was said meanwhile is said again. */
  keepUp(): void {
    if (!this.#isBehind && this.bufferedBytes > MAX_BUFFERED_BYTES) {
      this.#isBehind = true;
      void this.groupDiscard(groupOf(this.params.arena)).catch(() => undefined); // gone meanwhile
    } else if (this.#isBehind && this.bufferedBytes === 0) {
      this.#isBehind = false;
      void this.groupAdd(groupOf(this.params.arena)).then(
        () => this.#tellRoster(),
        () => this.close(4004, 'unavailable'),
      );
    }
  }

  override lagged(): void {
    this.#tellRoster();
  }

  /** The first frame says who it is: what `resume` proves is the same guest as before a reload. */
  async #enter(hello: string): Promise<void> {
    const resume = hello.slice(0, 1_024);
    const authentication = await this.authenticate(resume === '' ? {} : { resume });
    if (authentication.outcome !== 'identified' || !/^[a-z0-9-]{1,32}$/.test(this.params.arena)) {
      this.close(4500, 'forbidden');
      return;
    }
    const { member, resume: proof } = authentication.identity;
    const arena = this.#arenas.enter(this.params.arena, this);
    await this.groupAdd(groupOf(this.params.arena));
    const player = arena?.enter(this, member.id, member.name);
    if (!arena || !player) {
      this.close(4002, 'full'); // somebody will leave: dial again
      return;
    }
    this.#arena = arena;
    this.#memberId = member.id;
    this.#tell({ type: 'you', id: player.id, sequence: player.sequence, resume: proof ?? '' });
    this.#tellRoster();
  }

  #tellRoster(): void {
    if (this.#arena) this.#tell(this.#arena.roster);
  }

  #tell(text: Text): void {
    this.send(JSON.stringify(text));
  }
}

/** Arenas of their own for whoever calls it. */
function gameRoutesOf(): readonly Route[] {
  const arenas = new Arenas();
  return [route('/ws/gallery/game/:arena', (connection) => new GameConsumer(connection, arenas), { authentication: 'later' })];
}

export const gameRoutes: readonly Route[] = gameRoutesOf();
