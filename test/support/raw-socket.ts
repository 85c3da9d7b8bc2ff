// A peer that can say anything: bytes over TCP, with just enough HTTP and WebSocket to read the answers. It answers no
// ping and no close by itself.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Condition } from './condition.ts';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

export interface FrameOptions {
  readonly fin?: boolean;
  /** The three reserved bits, as a number from 0 to 7. */
  readonly rsv?: number;
  readonly mask?: boolean;
}

/** A frame as a client sends it; every rule of RFC 6455 may be broken. */
export function frame(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): Buffer {
  const { fin = true, rsv = 0, mask = true } = options;
  const data = Buffer.from(payload as string);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const masked = mask ? 0x80 : 0;
  const length =
    data.length < 126
      ? Buffer.from([first, masked | data.length])
      : data.length < 65_536
        ? Buffer.from([first, masked | 126, data.length >> 8, data.length & 0xff])
        : Buffer.concat([Buffer.from([first, masked | 127, 0, 0, 0, 0]), uint32(data.length)]);
  if (!mask) return Buffer.concat([length, data]);
  const key = randomBytes(4);
  for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) ^ (key[i & 3] ?? 0);
  return Buffer.concat([length, key, data]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: string | Uint8Array = ''): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as string)]);
}

export interface RawResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export class RawSocket {
  readonly #socket: Socket;
  readonly #condition = new Condition();
  #received: Buffer = Buffer.alloc(0);
  #isEnded = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#condition.changed();
    });
    // A reset, an orderly end and a timeout are all one thing here: nothing more will come.
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      this.#isEnded = true;
      this.#condition.changed();
    });
  }

  static connect(port: number, host = '127.0.0.1'): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawSocket(socket));
      });
    });
  }

  /** Connects and upgrades. Throws where the answer is not 101. */
  static async open(port: number, path = '/', headers: Readonly<Record<string, string>> = {}): Promise<RawSocket> {
    const socket = await RawSocket.connect(port);
    socket.write(upgradeRequest(path, headers));
    const { status } = await socket.response();
    if (status !== 101) throw new Error(`Upgrade answered ${status}`);
    return socket;
  }

  /** Resolves when the bytes have been handed to the kernel. */
  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(data, () => resolve());
    });
  }

  send(text: string): Promise<void> {
    return this.write(frame(OPCODE.text, text));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends a FIN and goes on reading. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Cuts the connection with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Resolves when the connection has ended, whoever ended it. */
  async ended(): Promise<void> {
    await this.#condition.until(() => this.#isEnded || undefined);
  }

  /** The next frame, or undefined where the connection ends first. */
  frame(): Promise<Frame | undefined> {
    return this.#next(() => this.#takeFrame());
  }

  /** The text of the next frame. Throws where it is no text. */
  async text(): Promise<string> {
    const next = await this.frame();
    if (next?.opcode !== OPCODE.text) throw new Error(`Not a text frame: ${JSON.stringify(next)}`);
    return next.payload.toString();
  }

  /** Reads to the end. The code of the close frame, undefined where the connection ended without one. */
  async closeCode(): Promise<number | undefined> {
    for (;;) {
      const next = await this.frame();
      if (next === undefined) return undefined;
      if (next.opcode === OPCODE.close) return next.payload.length < 2 ? 1005 : next.payload.readUInt16BE(0);
    }
  }

  /** The next HTTP response; status 0 where the connection ends first. */
  async response(method = 'GET'): Promise<RawResponse> {
    const response = await this.#next(() => this.#takeResponse(method));
    return response ?? { status: 0, headers: new Map(), body: '' };
  }

  async #next<T extends object>(take: () => T | undefined): Promise<T | undefined> {
    const found = await this.#condition.until<T | 'ended'>(() => take() ?? (this.#isEnded ? 'ended' : undefined));
    return found === 'ended' ? undefined : found;
  }

  #takeFrame(): Frame | undefined {
    const bytes = this.#received;
    if (bytes.length < 2) return undefined;
    const [first = 0, second = 0] = bytes;
    const header = second === 126 ? 4 : second === 127 ? 10 : 2;
    if (bytes.length < header) return undefined;
    const length = header === 4 ? bytes.readUInt16BE(2) : header === 10 ? Number(bytes.readBigUInt64BE(2)) : second;
    if (bytes.length < header + length) return undefined;
    this.#received = bytes.subarray(header + length);
    return { opcode: first & 0x0f, payload: bytes.subarray(header, header + length) };
  }

  #takeResponse(method: string): RawResponse | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [statusLine = '', ...lines] = this.#received.toString('latin1', 0, end).split('\r\n');
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const status = Number(statusLine.split(' ')[1]);
    const hasBody = method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
    const length = hasBody ? Number(headers.get('content-length') ?? 0) : 0;
    if (this.#received.length < end + 4 + length) return undefined;
    const body = this.#received.toString('utf8', end + 4, end + 4 + length);
    this.#received = this.#received.subarray(end + 4 + length);
    return { status, headers, body };
  }
}

/** An upgrade as a browser sends it; a header given as '' is left out. */
export function upgradeRequest(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): string {
  const all = {
    host: 'localhost',
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== '');
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
