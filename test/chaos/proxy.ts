// A TCP proxy that is the network between two parties, and can be a bad one: every weather that a network has, on demand.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** How the network is for bytes that are under way. */
export type Weather =
  | { readonly type: 'clear' }
  /** Nothing passes, nothing closes. */
  | { readonly type: 'black hole' }
  /** As a black hole, in one direction only. */
  | { readonly type: 'half open'; readonly direction: Direction }
  | { readonly type: 'delay'; readonly delayMs: number }
  | { readonly type: 'drip'; readonly bytes: number; readonly everyMs: number };

/** As those who connect through it see it. */
export type Direction = 'up' | 'down';

/** Held back in a pipe at the most; then its source is not read, as if the network's buffers were full. */
const MAX_HELD_BYTES = 1_048_576;
/** New connections that are held back at the most; more are reset. */
const MAX_HELD_CONNECTIONS = 4_096;
const CLEAR: Weather = { type: 'clear' };

export class ChaosProxy {
  /** Where connections go to from now on: a relay that was restarted has another port. */
  target: number;
  readonly #server = createServer({ allowHalfOpen: true }, (client) => this.#arrive(client));
  readonly #links = new Set<Link>();
  #held: Socket[] | undefined;
  #weather: Weather = CLEAR;

  readonly #host: string;

  private constructor(target: number, host: string) {
    this.target = target;
    this.#host = host;
  }

  /** `target` is a port of `host`. */
  static async start(target: number, host = '127.0.0.1'): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target, host);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that pass through it now. */
  get connections(): number {
    return this.#links.size;
  }

  /** Connections that wait to be let through. */
  get held(): number {
    return this.#held?.length ?? 0;
  }

  /** Changes the weather, for connections that are open and for those to come. */
  setWeather(weather: Weather): void {
    this.#weather = weather;
    for (const link of this.#links) link.setWeather(weather);
  }

  /** Closes every connection in an orderly way, as a proxy that is restarted does. */
  cut(): void {
    for (const link of this.#links) link.end();
  }

  /** Resets every connection, in both directions. */
  reset(): void {
    for (const link of this.#links) link.reset();
  }

  /** Takes new connections, and lets none of them through. */
  hold(): void {
    this.#held ??= [];
  }

  /** Lets those through that were held, in the order that `shuffle` makes of theirs. */
  release(shuffle: <T>(items: readonly T[]) => readonly T[] = (items) => items): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const client of shuffle(held)) if (!client.destroyed) this.#open(client);
  }

  async close(): Promise<void> {
    for (const client of this.#held ?? []) client.destroy();
    this.#held = undefined;
    this.reset();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #arrive(client: Socket): void {
    client.on('error', () => undefined); // a close follows
    if (this.#held === undefined) this.#open(client);
    else if (this.#held.length < MAX_HELD_CONNECTIONS) this.#held.push(client);
    else client.resetAndDestroy();
  }

  #open(client: Socket): void {
    const server = connect({ port: this.target, host: this.#host, allowHalfOpen: true });
    const link = new Link(client, server, () => this.#links.delete(link));
    this.#links.add(link);
    link.setWeather(this.#weather);
  }
}

/** One connection through the proxy: two pipes. */
class Link {
  readonly #sockets: readonly [Socket, Socket];
  readonly #up: Pipe;
  readonly #down: Pipe;
  readonly #onClose: () => void;

  constructor(client: Socket, server: Socket, onClose: () => void) {
    this.#sockets = [client, server];
    this.#up = new Pipe(client, server);
    this.#down = new Pipe(server, client);
    this.#onClose = onClose;
    for (const socket of this.#sockets) {
      socket.on('error', () => this.reset());
      socket.on('close', () => this.#closed());
    }
  }

  setWeather(weather: Weather): void {
    const stuck: Weather = { type: 'black hole' };
    const halfOpen = weather.type === 'half open' ? weather.direction : undefined;
    const of = (direction: Direction): Weather => (halfOpen === undefined ? weather : halfOpen === direction ? stuck : CLEAR);
    this.#up.setWeather(of('up'));
    this.#down.setWeather(of('down'));
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroySoon();
  }

  reset(): void {
    for (const socket of this.#sockets) if (!socket.destroyed) socket.resetAndDestroy();
  }

  /** One side is gone: the other hears of it when the weather lets it through. */
  #closed(): void {
    this.#up.stop();
    this.#down.stop();
    if (this.#sockets.every(({ destroyed }) => destroyed)) this.#onClose();
  }
}

/** A chunk that is under way; `undefined` is the end of the stream. */
interface Held {
  readonly bytes: Buffer | undefined;
  readonly dueMs: number;
}

/** One direction of a connection. */
class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  #weather: Weather = CLEAR;
  #held: Held[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    from.on('end', () => this.#take(undefined));
    to.on('drain', () => this.#flow());
  }

  setWeather(weather: Weather): void {
    this.#weather = weather;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flow();
  }

  /** No byte comes or can go any more: what is left of the two sockets ends, once the weather is no black hole. */
  stop(): void {
    this.#isOver = true;
    this.#flow();
  }

  #take(bytes: Buffer | undefined): void {
    const delayMs = this.#weather.type === 'delay' ? this.#weather.delayMs : 0;
    this.#held.push({ bytes, dueMs: performance.now() + delayMs });
    this.#heldBytes += bytes?.length ?? 0;
    this.#flow();
  }

  /** Passes on what may pass now, and looks again when more may. */
  #flow(): void {
    const weather = this.#weather;
    if (weather.type === 'clear') this.#pass(this.#held.length);
    else if (weather.type === 'delay') this.#passDue();
    else if (weather.type === 'drip') this.#drip(weather);
    this.#readOrPause();
    if (this.#isOver && weather.type !== 'black hole' && this.#held.length === 0) this.#finish();
  }

  #pass(count: number): void {
    for (const { bytes } of this.#held.splice(0, count)) {
      this.#heldBytes -= bytes?.length ?? 0;
      if (bytes === undefined) this.#to.end();
      else if (this.#to.writable) this.#to.write(bytes);
    }
  }

  #passDue(): void {
    const nowMs = performance.now();
    const later = this.#held.findIndex(({ dueMs }) => dueMs > nowMs);
    this.#pass(later < 0 ? this.#held.length : later);
    const [next] = this.#held;
    if (next) this.#wakeIn(next.dueMs - nowMs);
  }

  #drip({ bytes: count, everyMs }: Extract<Weather, { readonly type: 'drip' }>): void {
    const [first] = this.#held;
    if (this.#timer !== undefined || first === undefined) return;
    if (first.bytes !== undefined && first.bytes.length > count) {
      this.#held[0] = { ...first, bytes: first.bytes.subarray(count) };
      this.#held.unshift({ ...first, bytes: first.bytes.subarray(0, count) });
    }
    this.#pass(1);
    this.#wakeIn(everyMs);
  }

  #wakeIn(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flow();
    }, delayMs);
  }

  #readOrPause(): void {
    const isFull = this.#heldBytes > MAX_HELD_BYTES || this.#to.writableNeedDrain;
    if (isFull || this.#weather.type === 'black hole') this.#from.pause();
    else this.#from.resume();
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#from.destroySoon();
    this.#to.destroySoon();
  }
}
