import type { OpenTransport, Transport, TransportHandlers } from '../../../sdk/src/index.ts';
import type { ClientFrame, ServerFrame } from '../../../sdk/src/protocol/index.ts';

/** What answers at the other end: a FakeRelay, or the test itself. */
export interface Peer {
  receive(socket: FakeSocket, text: string): void;
  closed(socket: FakeSocket): void;
}

/** One socket as two queues of text. Nothing moves until the test delivers it. */
export class FakeSocket implements Transport {
  readonly toRelay: string[] = [];
  readonly toClient: string[] = [];
  /** What was under way to the client when the socket ended: a real one may still bring it. */
  #late: readonly string[] = [];
  readonly url: string;
  readonly #handlers: TransportHandlers;
  readonly #peer: Peer | undefined;
  /** False once the client closed it: it must not call back any more. */
  isHeld = true;
  isOpen = false;
  /** False once the network lost it. Then what is sent goes nowhere. */
  isWired = true;

  constructor(url: string, handlers: TransportHandlers, peer: Peer | undefined) {
    this.url = url;
    this.#handlers = handlers;
    this.#peer = peer;
  }

  send(text: string): void {
    if (!this.isOpen) throw new Error('sent before open');
    if (!this.isHeld) throw new Error('sent after close');
    if (this.isWired) this.toRelay.push(text);
  }

  close(): void {
    this.isHeld = false;
    this.cut();
  }

  open(): void {
    if (!this.isWired || this.isOpen) return;
    this.isOpen = true;
    this.#handlers.opened();
  }

  /** The relay gets the client's next frame. */
  deliverToRelay(): boolean {
    const text = this.toRelay.shift();
    if (text === undefined) return false;
    this.#peer?.receive(this, text);
    return true;
  }

  /** The client gets the relay's next frame. Real sockets may still do so after `close`. */
  deliverToClient(): boolean {
    const text = this.toClient.shift();
    if (text === undefined) return false;
    this.#handlers.message(text);
    return true;
  }

  /** Both ends lose it, and all that was under way. The client hears nothing of it. */
  cut(): void {
    if (!this.isWired) return;
    this.isWired = false;
    this.toRelay.length = 0;
    this.#late = this.toClient.splice(0);
    this.#peer?.closed(this);
  }

  /** As `cut`, and the client is told. */
  drop(code = 1006): void {
    this.cut();
    this.#handlers.closed(code);
  }

  /** What a socket may still do when it is long given up. */
  haunt(): void {
    for (const text of this.#late) this.#handlers.message(text);
    this.#handlers.opened();
    this.#handlers.closed(4500);
  }

  /** For a test that is the relay itself. */
  reply(frame: ServerFrame): void {
    this.#handlers.message(JSON.stringify(frame));
  }

  /** The frames that wait to be delivered to the relay; they are taken. */
  takeSent(): readonly ClientFrame[] {
    return this.toRelay.splice(0).map((text) => JSON.parse(text) as ClientFrame);
  }
}

export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];
  readonly #peer: Peer | undefined;

  constructor(peer?: Peer) {
    this.#peer = peer;
  }

  readonly openTransport: OpenTransport = (url, handlers) => {
    const socket = new FakeSocket(url, handlers, this.#peer);
    this.sockets.push(socket);
    return socket;
  };

  /** The socket that was opened last. */
  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  }
}
