// A consumer: the application's code for one connection. It is made when a connection asks for its route, and told one
// thing at a time: the next comes when what a method returned has resolved. What a method throws ends this connection with
// 4004, is logged with route and channel, and touches nobody else.

import type { SendResult } from '../adapter/adapter.ts';
import type { Authentication, Identity } from '../auth/identity.ts';
import type { Layer, LayerMessage } from '../layer/layer.ts';
import { isCloseCode } from './close-code.ts';
import type { Connection, Credentials, Phase } from './connection.ts';

/** The request that asks for a connection. It is not kept: take what is needed of it. */
export interface ConnectRequest {
  /** Not decoded. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly remoteAddress: string;
}

/**
 * Whether a connection is let in. Refused with an HTTP `status` the socket never opens; refused with a close `code`, 4000 to
 * 4999, it opens and is closed at once, which is all that a browser's script can tell apart.
 */
export type Admission =
  | { readonly accept: true; readonly subprotocol?: string }
  | { readonly accept: false; readonly status: number; readonly message: string }
  | { readonly accept: false; readonly code: number; readonly message: string };

/** Why a connection is told to go, and when it may come back. */
export interface DrainNotice {
  readonly retryAfterMs: number;
}

/**
 * The handlers of layer messages of the union `M`: `implements Handlers<Line>` demands an `onLine` for `{ type: 'line' }`.
 * A message without a handler is dropped, and counted.
 */
export type Handlers<M extends LayerMessage> = {
  [T in M['type'] as `on${Capitalize<T>}`]: (message: Extract<M, { readonly type: T }>) => Promise<void> | void;
};

/** Extend it, and override what concerns you. Methods may be asynchronous; the next call waits for them. */
export class Consumer<Params = unknown, Claims = unknown> {
  readonly #connection: Connection<Params>;

  constructor(connection: Connection<Params>) {
    this.#connection = connection;
  }

  // --- what it is told: override ----------------------------------------------------------------------------------

  /** Somebody wants in. Nothing returned lets them. What is sent before the socket is open goes out when it is. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most return nothing, and an async method of theirs a Promise<void>
  connect(_request: ConnectRequest): Promise<Admission | void> | Admission | void {
    // Everybody is let in.
  }

  /** A message came: a text, or bytes. */
  receive(_data: string | Uint8Array): Promise<void> | void {
    // Nobody asked.
  }

  /**
   * The connection is gone, with the close code; 1006 where there was none. Its groups are left already. Told after every
   * `connect`, also where that refused or failed.
   */
  disconnect(_code: number): Promise<void> | void {
    // Nothing to tidy up.
  }

  /** Something broadcast to this connection was dropped, since its reader was too slow; by now its buffer is empty. */
  lagged(): Promise<void> | void {
    // It does without.
  }

  /** The relay goes down. Say so in the terms of your protocol; the default closes with 4000. */
  draining(_notice: DrainNotice): Promise<void> | void {
    this.close(4000, 'draining');
  }

  /** The identity ends in so many milliseconds unless `authenticate` renews it; then the connection is closed with 4300. */
  expiring(_inMs: number): Promise<void> | void {
    // The client will see the close, and come back with another token.
  }

  // --- what it can do ---------------------------------------------------------------------------------------------

  /** The parts of the path that the route names. */
  get params(): Params {
    return this.#connection.params;
  }

  /** This connection's channel: whoever knows it can send to it, from any relay. */
  get channel(): string {
    return this.#connection.channel;
  }

  /** Whom the connection speaks for. Throws before it has said so. */
  get identity(): Identity<Claims> {
    return this.#connection.identity as Identity<Claims>; // what the relay's authenticator gives is the application's to know
  }

  /** All of the layer: to send to other channels, or to add them to groups. */
  get layer(): Layer {
    return this.#connection.layer;
  }

  /** Bytes that wait for a slow reader. */
  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  /** `connecting` until its socket is open. */
  get phase(): Phase {
    return this.#connection.phase;
  }

  /** Sends to this connection. `dropped`: its buffer is full, or it is gone. */
  send(data: string | Uint8Array): SendResult {
    return this.#connection.send(data);
  }

  /**
   * As `send`, in one write with what is broadcast to this connection in this turn: for replies that come with a broadcast. Where
   * such a reply is lost since the reader is too slow, the connection is closed with 4001.
   */
  sendSoon(text: string): SendResult {
    return this.#connection.sendSoon(text);
  }

  /**
   * What is published to a topic of this relay alone reaches this connection natively, whatever its bytes. Names that begin
   * with `room:`, `plain:`, `group:` and `soon:` are the relay's own.
   */
  subscribe(topic: string): void {
    this.#connection.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#connection.unsubscribe(topic);
  }

  /**
   * Says or says anew whom the connection speaks for, by what its client sent in a frame. Where it spoke for somebody
   * already, only the same member is accepted; what was stays in force after a refusal.
   */
  authenticate(credentials: Credentials): Promise<Authentication<Claims>> {
    return this.#connection.authenticate(credentials) as Promise<Authentication<Claims>>;
  }

  /** Ends the connection; throws a RangeError for a code that is none (1000, 1001, 1012, 3000 to 4999). Codes 4000 to 4299 bring a client back, 4300 to 4499 with a new token, 4500 and above not. */
  close(code = 1000, reason = ''): void {
    if (!isCloseCode(code)) throw new RangeError(`${code} is no code that a connection can be closed with.`);
    this.#connection.end(code, reason);
  }

  /** From when it resolves on, what is sent to the group reaches this connection. Rejects with a LayerError. */
  async groupAdd(group: string): Promise<void> {
    await this.#connection.layer.groupAdd(group, this.channel);
  }

  async groupDiscard(group: string): Promise<void> {
    await this.#connection.layer.groupDiscard(group, this.channel);
  }

  /** Hands a message to every channel in the group, this one too if it is. Rejects with a LayerError. */
  groupSend<M extends LayerMessage>(group: string, message: M): Promise<void> {
    return this.#connection.layer.groupSend(group, message);
  }
}
