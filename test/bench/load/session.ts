// The connections of one load: opened a bounded number at a time, each told what its dialect wants, and heard as deliveries.

import { textFrame } from './client-frame.ts';
import { nowUs, ownCpuTimeUs } from './cpu.ts';
import type { Dialect, Opening } from './dialects.ts';
import { DIALECTS } from './dialects.ts';
import { OPCODE } from './frame-walker.ts';
import { Histogram } from './histogram.ts';
import { LoadSocket, pongFrame, type SocketOwner } from './load-socket.ts';
import { type DeliverySink, MarkerScanner } from './marker-scanner.ts';
import type { JoinReport, LoadJob } from './messages.ts';
import { firstMembers, roomsOf } from './shape.ts';

const JOIN_TIMEOUT_MS = 120_000;

/** What a task hears of its connections. */
export interface SessionSink extends DeliverySink<LoadSocket> {
  readEnded(socket: LoadSocket): void;
  joined?(socket: LoadSocket): void;
}

/** What a connection comes back with, and where it keeps what it will come back with. */
export type ResumeOf = (index: number) => Pick<Opening, 'resume' | 'keep'>;

interface Dialling {
  readonly opening: Opening;
  readonly startedUs: number;
}

export class LoadSession implements SocketOwner {
  readonly job: LoadJob;
  readonly #dialect: Dialect;
  readonly #scanner: MarkerScanner<LoadSocket>;
  readonly #sink: SessionSink;
  readonly #publishers: ReadonlySet<number>;
  readonly #sockets: (LoadSocket | undefined)[] = [];
  readonly #dialling = new Map<number, Dialling>();
  #latency = new Histogram();
  #joined = 0;
  #lost = 0;
  #firstFault: string | undefined;
  #changed: () => void = () => {};

  constructor(job: LoadJob, sink: SessionSink) {
    this.job = job;
    this.#dialect = DIALECTS[job.dialect];
    this.#sink = sink;
    this.#scanner = new MarkerScanner(sink);
    this.#publishers = new Set(firstMembers(job.shape));
  }

  get dialect(): Dialect {
    return this.#dialect;
  }

  /** Connections that had joined and are gone. */
  get lostConnections(): number {
    return this.#lost;
  }

  /** The socket of a connection that has joined. */
  socket(index: number): LoadSocket | undefined {
    return this.#dialling.has(index) ? undefined : this.#sockets[index];
  }

  /** Opens these connections. Resolves when each has joined or failed. */
  async join(indexes: readonly number[], resume: ResumeOf = () => ({})): Promise<JoinReport> {
    this.#latency = new Histogram();
    this.#joined = 0;
    const startedUs = nowUs();
    const cpuUs = ownCpuTimeUs();
    const waiting = [...indexes].reverse();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, JOIN_TIMEOUT_MS);
      this.#changed = () => {
        while (waiting.length > 0 && this.#dialling.size < this.job.handshakes) this.#dial(waiting.pop() ?? 0, resume);
        if (waiting.length > 0 || this.#dialling.size > 0) return;
        clearTimeout(timer);
        this.#changed = () => {};
        resolve();
      };
      this.#changed();
    });
    const seconds = (nowUs() - startedUs) / 1e6;
    return {
      joined: this.#joined,
      failed: indexes.length - this.#joined,
      seconds,
      latencyUs: this.#latency.quantiles(),
      loadCpu: (ownCpuTimeUs() - cpuUs) / 1e6 / seconds,
      ...(this.#firstFault === undefined ? {} : { firstFault: this.#firstFault }),
    };
  }

  /** Breaks a connection as a network does. */
  break(index: number): void {
    this.#sockets[index]?.destroy();
    this.#sockets[index] = undefined;
  }

  #dial(index: number, resume: ResumeOf): void {
    const { ports, placement, shape } = this.job;
    const rooms = roomsOf(shape, index);
    const isApart = placement === 'apart' && !this.#publishers.has(index);
    const port = ports[placement === 'all' ? index % ports.length : Number(isApart)] ?? ports[0] ?? 0;
    this.#dialling.set(index, { opening: { rooms, awaited: 0, ...resume(index) }, startedUs: nowUs() });
    const { subprotocol } = this.#dialect;
    this.#sockets[index] = new LoadSocket(
      index,
      { port, path: this.#dialect.path(rooms), subprotocol, localAddress: this.job.address },
      this,
    );
  }

  upgraded(socket: LoadSocket): void {
    const dialling = this.#dialling.get(socket.index);
    if (dialling) this.#step(socket, dialling, this.#dialect.open(dialling.opening));
  }

  message(socket: LoadSocket, bytes: Buffer, start: number, end: number): void {
    const dialling = this.#dialling.size > 0 ? this.#dialling.get(socket.index) : undefined;
    if (dialling) this.#step(socket, dialling, this.#dialect.read(dialling.opening, bytes.toString('utf8', start, end)));
    if (this.#scanner.scan(socket, bytes, start, end) > 0) return;
    const { heartbeat } = this.#dialect;
    if (heartbeat?.ask === bytes.toString('latin1', start, Math.min(end, start + 8))) socket.sendText(heartbeat.answer);
  }

  control(socket: LoadSocket, opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.ping) socket.write(pongFrame(bytes, start, end));
    if (opcode === OPCODE.close)
      throw new Error(`The server closed with ${((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0)}.`);
  }

  readEnded(socket: LoadSocket): void {
    this.#sink.readEnded(socket);
  }

  lost(socket: LoadSocket, reason: string): void {
    this.#firstFault ??= reason;
    if (!this.#dialling.delete(socket.index)) this.#lost += 1;
    this.#sockets[socket.index] = undefined;
    this.#changed();
  }

  #step(socket: LoadSocket, dialling: Dialling, step: ReturnType<Dialect['open']>): void {
    if (step.type === 'send') socket.write(Buffer.concat(step.frames.map(textFrame)));
    if (step.type !== 'joined') return;
    this.#dialling.delete(socket.index);
    this.#joined += 1;
    this.#latency.record(nowUs() - dialling.startedUs);
    this.#sink.joined?.(socket);
    this.#changed();
  }
}
