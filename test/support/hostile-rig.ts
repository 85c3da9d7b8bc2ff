// A relay with a witness in it, and what a test needs to do harm to the one and to look after the other.
import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { Condition } from './condition.ts';
import type { OpenRelay, OpenRelayOptions } from './open-relay.ts';
import { startOpenRelay } from './open-relay.ts';
import { RawSocket } from './raw-socket.ts';
import { loggedErrors, openDescriptors, privateMemoryMiB, readMetrics } from './relay-watch.ts';
import { Witness } from './witness.ts';

const SUBPROTOCOL = { 'sec-websocket-protocol': 'chat-room.v1' };
const LOOK_EVERY_MS = 100;

export class HostileRig {
  readonly relay: OpenRelay;
  readonly witness: Witness;
  readonly #memoryMiB: number;
  readonly #ticks = new Condition();

  private constructor(relay: OpenRelay, witness: Witness) {
    this.relay = relay;
    this.witness = witness;
    this.#memoryMiB = privateMemoryMiB(relay.process.pid);
    const clock = setInterval(() => this.#ticks.changed(), LOOK_EVERY_MS);
    onTestFinished(() => clearInterval(clock));
  }

  /** The witness has been served once: what only a first message needs is in memory. */
  static async start(options: OpenRelayOptions): Promise<HostileRig> {
    const relay = await startOpenRelay(options);
    onTestFinished(() => relay.stop());
    const witness = await Witness.in(relay.process.ws);
    await witness.roundTrip();
    return new HostileRig(relay, witness);
  }

  get port(): number {
    return this.relay.process.port;
  }

  /** What the relay has taken since the start, in MiB. */
  grownMiB(): number {
    return privateMemoryMiB(this.relay.process.pid) - this.#memoryMiB;
  }

  descriptors(): number {
    return openDescriptors(this.relay.process.pid);
  }

  /** From now on it may have no more files and sockets open than this. */
  limitDescriptors(most: number): void {
    execFileSync('prlimit', ['--pid', String(this.relay.process.pid), `--nofile=${most}:${most}`]);
  }

  async metric(name: string): Promise<number> {
    return (await readMetrics(this.relay.process.http)).get(name) ?? 0;
  }

  /** Resolves once a metric is what it must be. */
  async until(name: string, holds: (value: number) => boolean): Promise<number> {
    for (;;) {
      const value = await this.metric(name);
      if (holds(value)) return value;
      await this.#tick();
    }
  }

  /** Resolves once the relay has so few files and sockets open. */
  async untilDescriptors(most: number): Promise<void> {
    while (this.descriptors() > most) await this.#tick();
  }

  /** A socket of the native protocol that has said who it is. Nothing of what comes is read before one asks for it. */
  async connected(): Promise<RawSocket> {
    const socket = await RawSocket.open(this.port, '/ws', SUBPROTOCOL);
    await socket.send('{"type":"connect","id":1,"version":1}');
    return socket;
  }

  async joined(room: string): Promise<RawSocket> {
    const socket = await this.connected();
    await socket.send(JSON.stringify({ type: 'join', id: 2, room }));
    while (!(await socket.text()).startsWith('{"type":"joined"'));
    return socket;
  }

  /** The witness is served, and the relay has nothing to complain of. Throws where it isn't so. */
  async unharmed(): Promise<void> {
    await this.witness.roundTrip();
    const [error] = loggedErrors(this.relay.process);
    if (error) throw new Error(`The relay logged an error: ${JSON.stringify(error)}`);
  }

  #tick(): Promise<unknown> {
    let isFirst = true;
    return this.#ticks.until(() => {
      const wasFirst = isFirst;
      isFirst = false;
      return wasFirst ? undefined : true;
    });
  }
}

/** Writes it over and over, up to so many bytes; sooner done where the other side ends the connection. */
export async function flood(socket: RawSocket, bytes: Uint8Array, totalBytes: number): Promise<void> {
  const ended = socket.ended().then(() => 'ended' as const);
  for (let left = totalBytes; left > 0; left -= bytes.length) {
    const step = await Promise.race([ended, socket.write(bytes).then(() => 'written' as const)]);
    if (step === 'ended') return;
  }
}
