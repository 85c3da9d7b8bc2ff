import { WebSocket } from 'ws';

/** A WebSocket whose messages wait to be read: texts as strings, bytes as Buffers. */
export class SocketReader {
  readonly socket: WebSocket;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  readonly #inbox: (string | Buffer)[] = [];
  readonly #readers: ((data: string | Buffer) => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => this.#take(isBinary ? (data as Buffer) : String(data)));
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
    socket.on('error', () => undefined); // a close follows, and tells
  }

  static open(url: string): Promise<SocketReader> {
    const reader = new SocketReader(new WebSocket(url));
    return new Promise((resolve, reject) => {
      reader.socket.once('open', () => resolve(reader));
      reader.socket.once('error', reject);
    });
  }

  next(): Promise<string | Buffer> {
    const data = this.#inbox.shift();
    return data === undefined ? new Promise((resolve) => this.#readers.push(resolve)) : Promise.resolve(data);
  }

  #take(data: string | Buffer): void {
    const reader = this.#readers.shift();
    if (reader) reader(data);
    else this.#inbox.push(data);
  }
}
