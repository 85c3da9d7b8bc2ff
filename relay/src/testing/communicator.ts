import type { RelaySocket, SendResult } from '../adapter/adapter.ts';
import type { Connection } from '../consumer/connection.ts';
import type { Connections } from '../consumer/connections.ts';
import type { TestTopics } from './test-topics.ts';

/** The other end of a consumer's connection: what a client would send and see. */
export class Communicator {
  /** The subprotocol that was agreed on. */
  readonly subprotocol: string | undefined;
  /** Resolves with the close code, whoever closed. */
  readonly closed: Promise<number>;
  readonly #connection: Connection;
  readonly #socket: TestSocket;

  /** Made by `TestRelay.connect`. */
  constructor(connection: Connection, connections: Connections, topics: TestTopics, subprotocol: string | undefined) {
    this.#connection = connection;
    this.subprotocol = subprotocol;
    let tell: (code: number) => void;
    this.closed = new Promise((resolve) => {
      tell = resolve;
    });
    this.#socket = new TestSocket(connection, topics, (code) => {
      connections.closed(this.#socket, code);
      tell(code);
    });
    connections.opened(this.#socket);
  }

  /** The connection's channel. */
  get channel(): string {
    return this.#connection.channel;
  }

  /** What the consumer has sent and nobody has received yet. */
  get waiting(): readonly (string | Uint8Array)[] {
    return this.#socket.sent;
  }

  /** Sends to the consumer. Resolves once it is done with that, and with all that came before. */
  async send(data: string | Uint8Array): Promise<void> {
    if (this.#socket.isOpen) this.#connection.data(data);
    await this.idle();
  }

  /** The next text or bytes that the consumer sends. Rejects where the connection ends first. */
  receive(): Promise<string | Uint8Array> {
    return this.#socket.next();
  }

  /** The next that it sends, as JSON. */
  async receiveJson(): Promise<unknown> {
    return JSON.parse(String(await this.receive()));
  }

  /** Resolves once the consumer has nothing to do: what it has not sent by now, it will not send by itself. */
  async idle(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#connection.isBusy);
  }

  /** Goes, as a client does that closes. Resolves once the consumer has been told and is done. */
  async disconnect(code = 1000): Promise<void> {
    this.#socket.end(code);
    await this.closed;
    await this.idle();
  }

  /** Has the connection be found too slow, and reading again. */
  async lag(): Promise<void> {
    this.#connection.dropped();
    this.#connection.drained();
    await this.idle();
  }
}

class TestSocket implements RelaySocket<Connection> {
  readonly context: Connection;
  readonly bufferedBytes = 0;
  readonly sent: (string | Uint8Array)[] = [];
  readonly #topics: TestTopics;
  readonly #onClosed: (code: number) => void;
  readonly #receivers: { readonly resolve: (data: string | Uint8Array) => void; readonly reject: (error: Error) => void }[] = [];
  isOpen = true;

  constructor(context: Connection, topics: TestTopics, onClosed: (code: number) => void) {
    this.context = context;
    this.#topics = topics;
    this.#onClosed = onClosed;
  }

  send(data: string | Uint8Array): SendResult {
    if (!this.isOpen) return 'dropped';
    const receiver = this.#receivers.shift();
    if (receiver) receiver.resolve(data);
    else this.sent.push(data);
    return 'sent';
  }

  sendSoon(text: string): SendResult {
    return this.send(text);
  }

  subscribe(topic: string): void {
    this.#topics.subscribe(topic, this);
  }

  unsubscribe(topic: string): void {
    this.#topics.unsubscribe(topic, this);
  }

  /** As with a real socket, `closed` is told later, never inside this call. */
  end(code: number): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#topics.forget(this);
    for (const { reject } of this.#receivers) reject(new Error(`The connection was closed with ${code}.`));
    setImmediate(() => this.#onClosed(code));
  }

  next(): Promise<string | Uint8Array> {
    const data = this.sent.shift();
    if (data !== undefined) return Promise.resolve(data);
    if (!this.isOpen) return Promise.reject(new Error('The connection is closed.'));
    return new Promise((resolve, reject) => this.#receivers.push({ resolve, reject }));
  }
}
