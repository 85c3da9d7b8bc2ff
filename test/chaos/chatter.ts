// Somebody who chats during a run, with the real SDK, and notes everything.
import type { ChatClient as Client, Message, Room } from '@chat-room/sdk';
import { ChatClient, ChatError } from '@chat-room/sdk';
import type { Random } from '../fuzz/random.ts';
import type { HistoryEntry, LoggedEvent } from './history.ts';
import { ChaosProxy } from './proxy.ts';
import type { Wait } from './stage.ts';

const ROOM = 'chaos';
/** Sends that wait for their answer at a time: more would only wait in the client's outbox. */
const MAX_PENDING = 100;
const PAGE = 200;

export interface ChatterOptions {
  readonly name: string;
  /** Where it connects: a proxy before a relay. */
  readonly port: number;
  readonly textBytes: number;
  readonly note: (entry: HistoryEntry) => void;
  /** Called after everything that happens to it. */
  readonly onChange: () => void;
}

export class Chatter {
  readonly name: string;
  readonly #client: Client;
  readonly #room: Room;
  /** Its own stretch of the network. */
  readonly #network: ChaosProxy;
  readonly #options: ChatterOptions;
  #sent = 0;
  #pending = 0;
  #newest: string | undefined;

  private constructor(network: ChaosProxy, options: ChatterOptions) {
    this.name = options.name;
    this.#network = network;
    this.#options = options;
    this.#client = new ChatClient({ url: `ws://127.0.0.1:${network.port}/ws`, user: { name: options.name } });
    this.#room = this.#client.room(ROOM);
    this.#room.on('message', (message) => this.#saw(message));
    this.#room.on('discontinuity', ({ reason }) => {
      this.#newest = undefined;
      options.note({ type: 'discontinuity', client: this.name, reason });
    });
    for (const event of ['state', 'presence'] as const) this.#room.on(event, () => options.onChange());
  }

  /** Resolves once it is in the room. */
  static async join(options: ChatterOptions): Promise<Chatter> {
    const chatter = new Chatter(await ChaosProxy.start(options.port), options);
    await chatter.#room.join();
    return chatter;
  }

  /** Sends that were not answered yet. */
  get pending(): number {
    return this.#pending;
  }

  get isLive(): boolean {
    return this.#room.state === 'live';
  }

  /** Id of the last message that it saw. */
  get newest(): string | undefined {
    return this.#newest;
  }

  get member(): string {
    return this.#client.member?.id ?? '';
  }

  get members(): readonly string[] {
    return this.#room.members.map(({ id }) => id);
  }

  /** Sends a message every so often, until the signal aborts. */
  async chat(random: Random, everyMs: number, wait: Wait, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await wait(random.below(everyMs * 2));
      if (this.#pending < MAX_PENDING && !signal.aborted) void this.say();
    }
  }

  /** Sends a message, and resolves with its id when it is stored, or with undefined where it is refused. */
  async say(): Promise<string | undefined> {
    const { note, onChange, textBytes } = this.#options;
    const key = `${this.name}-${++this.#sent}`;
    const text = `${this.#sent} of ${this.name}`.padEnd(textBytes, '.');
    note({ type: 'sent', client: this.name, key, text });
    this.#pending++;
    try {
      const { id, position } = await this.#room.send(text, { key, data: key });
      note({ type: 'acknowledged', client: this.name, key, ...position });
      return id;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      if (error.code !== 'closed') note({ type: 'refused', client: this.name, key, code: error.code });
      return undefined;
    } finally {
      this.#pending--;
      onChange();
    }
  }

  /** Reads nothing for a while. */
  async stall(wait: Wait, lastsMs: number): Promise<void> {
    this.#network.setWeather({ type: 'half open', direction: 'down' });
    await wait(lastsMs);
    this.#network.setWeather({ type: 'clear' });
  }

  /** Notes how it stands at the end. */
  noteEnd(): void {
    const { member, members } = this;
    this.#options.note({ type: 'end', client: this.name, state: this.#room.state, member, members });
  }

  async leave(): Promise<void> {
    await this.#client.close();
    await this.#network.close();
  }

  #saw(message: Message): void {
    this.#newest = message.id;
    this.#options.note({ type: 'seen', client: this.name, ...stored(message) });
    this.#options.onChange();
  }
}

/** Reads the whole log, as somebody who comes for the first time. */
export async function readLog(port: number): Promise<Extract<HistoryEntry, { readonly type: 'log' }>> {
  const client = new ChatClient({ url: `ws://127.0.0.1:${port}/ws`, user: { name: 'Reader' } });
  try {
    const events: LoggedEvent[] = [];
    let epoch = '';
    for (;;) {
      const page = await client.room(ROOM).history({ after: events.at(-1)?.offset ?? 0, limit: PAGE });
      for (const message of page.messages) {
        const { epoch: itsEpoch, ...event } = stored(message);
        epoch = itsEpoch;
        events.push(event);
      }
      if (page.messages.length === 0) return { type: 'log', epoch, events };
    }
  } finally {
    await client.close();
  }
}

/** A message as the log has it. Its data is its author's key: others are not told that one. */
function stored({ id, text, data }: Message): LoggedEvent & { readonly epoch: string } {
  const colon = id.lastIndexOf(':');
  return { epoch: id.slice(0, colon), offset: Number(id.slice(colon + 1)), key: String(data), text };
}
