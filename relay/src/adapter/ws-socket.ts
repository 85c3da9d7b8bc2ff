// One WebSocket of the `ws` library, with the buffer's bound and the silence of the peer kept beside it.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { MessageData, RelaySocket, SendResult } from './adapter.ts';
import { closeReason, wellFormed } from './rules.ts';

const TEXT = { binary: false, compress: false, fin: true } as const;
const BINARY = { ...TEXT, binary: true } as const;

/** A message as it goes out; the same one may go to any number of sockets. */
export interface EncodedMessage {
  readonly bytes: Uint8Array;
  readonly options: typeof TEXT | typeof BINARY;
}

/** Encodes once. Bytes are copied: they may wait in a buffer, and the caller may write to them meanwhile. */
export function encodeMessage(data: MessageData): EncodedMessage {
  return typeof data === 'string'
    ? { bytes: Buffer.from(wellFormed(data)), options: TEXT }
    : { bytes: Buffer.from(data), options: BINARY };
}

/** What a socket tells its adapter, and asks of it. */
export interface WsSocketOwner<C> {
  readonly maxBufferedBytes: number;
  subscribe(socket: WsSocket<C>, topic: string): void;
  unsubscribe(socket: WsSocket<C>, topic: string): void;
  /** It is open no more: nothing may be told of it but `closed`. */
  ended(socket: WsSocket<C>, code: number): void;
  drained(socket: WsSocket<C>): void;
}

export class WsSocket<C> implements RelaySocket<C> {
  readonly context: C;
  readonly topics = new Set<string>();
  readonly #owner: WsSocketOwner<C>;
  readonly #native: WebSocket;
  readonly #stream: Socket;
  #isOpen = true;
  #holds = false;
  #lossPending = false;
  #bytesHeard = 0;
  #quietTicks = 0;

  constructor(context: C, owner: WsSocketOwner<C>, native: WebSocket, stream: Socket) {
    this.context = context;
    this.#owner = owner;
    this.#native = native;
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isDrained(): boolean {
    return this.#isOpen && this.#native.bufferedAmount === 0;
  }

  get bufferedBytes(): number {
    return this.#isOpen ? this.#native.bufferedAmount : 0;
  }

  send(data: MessageData): SendResult {
    return this.write(encodeMessage(data));
  }

  /** What is published to it goes out at once here: there is nothing to wait for. */
  sendSoon(text: string): SendResult {
    return this.send(text);
  }

  write({ bytes, options }: EncodedMessage): SendResult {
    if (!this.#isOpen || this.#native.bufferedAmount > this.#owner.maxBufferedBytes) return 'dropped';
    this.#native.send(bytes, options, this.#onWritten);
    if (this.#native.bufferedAmount === 0) return 'sent';
    this.#holds = true;
    return 'buffered';
  }

  readonly #onWritten = (): void => {
    if (!this.#holds || this.#native.bufferedAmount > 0) return;
    this.#holds = false;
    this.#owner.drained(this);
  };

  subscribe(topic: string): void {
    if (this.#isOpen) this.#owner.subscribe(this, topic);
  }

  unsubscribe(topic: string): void {
    if (this.#isOpen) this.#owner.unsubscribe(this, topic);
  }

  end(code: number, reason: string): void {
    if (!this.#isOpen) return;
    // Behind a full buffer the close frame might wait for as long as the peer likes.
    const isFull = this.#native.bufferedAmount > this.#owner.maxBufferedBytes;
    if (isFull) this.#native.terminate();
    else this.#native.close(code, closeReason(reason));
    this.gone(isFull ? 1006 : code);
  }

  /** The connection is over, by whichever side. */
  gone(code: number): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#owner.ended(this, code);
  }

  /** Lets the peer go at once, also one that was told to go and has not answered. */
  terminate(): void {
    this.#native.terminate();
  }

  /** True for the first loss since `lossTold`. */
  noteLoss(): boolean {
    const isFirst = !this.#lossPending;
    this.#lossPending = true;
    return isFirst;
  }

  lossTold(): void {
    this.#lossPending = false;
  }

  /** One tick of the idle clock: after `pingFrom` ticks without a byte from the peer it is pinged, after `closeAt` it goes. */
  tick(pingFrom: number, closeAt: number): void {
    const heard = this.#stream.bytesRead;
    this.#quietTicks = heard === this.#bytesHeard ? this.#quietTicks + 1 : 0;
    this.#bytesHeard = heard;
    if (this.#quietTicks >= closeAt) {
      this.terminate();
      this.gone(1006);
    } else if (this.#quietTicks >= pingFrom) {
      this.#native.ping();
    }
  }
}
