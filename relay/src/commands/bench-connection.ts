// One client of a bench: connects, joins the room, and says what it hears.

import type { ClientFrame } from '@chat-room/sdk/protocol';
import { decodeServerFrame, encodeFrame, PROTOCOL_VERSION, SUBPROTOCOL } from '@chat-room/sdk/protocol';
import { WebSocket } from 'ws';

const CONNECT_TIMEOUT_MS = 10_000;
const CONNECT_ID = 1;
const JOIN_ID = 2;

/** The relay can't be measured. `message` is one sentence for the operator. */
export class BenchError extends Error {
  readonly code = 'bench_failed';
  constructor(message: string) {
    super(message);
    this.name = 'BenchError';
  }
}

export interface BenchTarget {
  readonly url: string;
  readonly room: string;
  readonly token: string | undefined;
  /** Told of each ephemeral event that comes. */
  readonly heard: (data: unknown) => void;
  /** Told why a connection ended, or was refused something, after it had joined. */
  readonly failed: (error: BenchError) => void;
}

export class BenchConnection {
  readonly #socket: WebSocket;
  readonly #room: string;

  private constructor(socket: WebSocket, room: string) {
    this.#socket = socket;
    this.#room = room;
  }

  /** Resolves once it has joined. Rejects with a BenchError. */
  static open({ url, room, token, heard, failed }: BenchTarget): Promise<BenchConnection> {
    const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false, handshakeTimeout: CONNECT_TIMEOUT_MS });
    const connection = new BenchConnection(socket, room);
    return new Promise((resolve, reject) => {
      let tell = (error: BenchError): void => {
        socket.terminate();
        reject(error);
      };
      const timer = setTimeout(() => tell(new BenchError(`${url} let nobody in within 10 s.`)), CONNECT_TIMEOUT_MS);
      socket.on('error', (error) => tell(new BenchError(`${url} can't be measured: ${error.message || 'no answer'}.`)));
      socket.on('close', (code) => {
        clearTimeout(timer);
        tell(new BenchError(`${url} closed a connection with ${code}.`));
      });
      socket.on('open', () => {
        connection.#send({ type: 'connect', id: CONNECT_ID, version: PROTOCOL_VERSION, ...(token !== undefined && { token }) });
        connection.#send({ type: 'join', id: JOIN_ID, room });
      });
      socket.on('message', (text: Buffer) => {
        const frame = decodeServerFrame(text.toString());
        if (frame?.type === 'ephemeral') heard(frame.data);
        else if (frame?.type === 'error') tell(new BenchError(`The relay refused (${frame.code}): ${frame.message}`));
        else if (frame?.type === 'joined') {
          clearTimeout(timer);
          tell = failed;
          resolve(connection);
        }
      });
    });
  }

  publish(name: string, data: { readonly n: number }): void {
    this.#send({ type: 'ephemeral', room: this.#room, name, data });
  }

  /** Resolves when the socket is closed; it is cut where the relay does not answer within a second. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#socket.terminate(), 1_000);
      this.#socket.removeAllListeners('close');
      this.#socket.on('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.close(1000);
    });
  }

  #send(frame: ClientFrame): void {
    this.#socket.send(encodeFrame(frame));
  }
}
