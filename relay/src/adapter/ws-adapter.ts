// Sockets by node:http and the `ws` library: pure JavaScript, for where uWebSockets.js has no binary. Topics are sets of
// sockets; a publish is encoded once.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type {
  Adapter,
  AdapterHandlers,
  AdapterOptions,
  BodyReceiver,
  HttpResponse,
  ListenAddress,
  MessageData,
} from './adapter.ts';
import { ListenError } from './adapter.ts';
import { BodyInterrupted } from './body-stream.ts';
import { DeferredCalls } from './deferred.ts';
import { asksForWebSocket, MAX_HEADER_BYTES, problem, settle, upgradeRefusal } from './http.ts';
import { bindHost, checkOptions, listenError, probeListen } from './rules.ts';
import { answer, answerRaw, copyRequest, readBody, streamBody } from './ws-http.ts';
import { encodeMessage, WsSocket, type WsSocketOwner } from './ws-socket.ts';

const GOING_AWAY = 1001;
const HANDLER_FAILED = 1011;
const DEFAULT_MAX_REQUEST_BYTES = 1_048_576;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;
/** How often node:http looks for who has taken too long; by itself it does each half minute. */
const TIMEOUT_CHECK_MS = 2_000;
/** A message in more pieces, of TCP or of WebSocket, is refused with 1008: each costs many times what it brings. */
const MAX_MESSAGE_PIECES = 4_096;
/** Spread into the library's options, whose types do not have them yet. */
const PIECE_BOUNDS = { maxFragments: MAX_MESSAGE_PIECES, maxBufferedChunks: MAX_MESSAGE_PIECES };
/** What node:http could not read, by its reason; anything else is answered 400. */
const UNREAD_STATUS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
// The idle clock ticks four times in the idle time: from the second on a quiet peer is pinged, at the fourth it goes.
const IDLE_TICKS = 4;
const PING_FROM_TICK = 2;

/** The adapter on `ws`. */
export class WsAdapter<C> implements Adapter, WsSocketOwner<C> {
  readonly name = 'ws';
  readonly maxBufferedBytes: number;
  readonly #options: AdapterOptions;
  readonly #handlers: AdapterHandlers<C>;
  readonly #deferred: DeferredCalls;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();
  readonly #topics = new Map<string, Set<WsSocket<C>>>();
  readonly #open = new Set<WsSocket<C>>();
  // Every stream that node:http has handed over and that still stands, so that `close` leaves none.
  readonly #streams = new Set<Duplex>();
  #idleClock: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: AdapterOptions, handlers: AdapterHandlers<C>) {
    checkOptions(options);
    this.maxBufferedBytes = options.maxBufferedBytes;
    this.#options = options;
    this.#handlers = handlers;
    this.#deferred = new DeferredCalls((error) => options.onError(error, 'deferred handler'));
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes,
      ...PIECE_BOUNDS,
      skipUTF8Validation: false,
      handleProtocols: (_offered, request) => this.#subprotocols.get(request) ?? false,
    });
    this.#server = this.#createServer();
  }

  #createServer(): Server {
    const { tls } = this.#options;
    const options = {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: 0, // large bodies take their time: see ws-http.ts for how long which may
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    };
    const server = tls
      ? createSecureServer({ ...options, cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) })
      : createServer(options);
    server.on('request', (incoming, outgoing) => this.#onRequest(incoming, outgoing));
    server.on('upgrade', (incoming, stream, head) => this.#onUpgrade(incoming, stream, head));
    server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
      stream.on('error', () => stream.destroy());
      answerRaw(stream, 'GET', problem(UNREAD_STATUS[error.code ?? ''] ?? 400));
    });
    return server;
  }

  async listen(address: ListenAddress): Promise<number> {
    const isShared = address.sharing === 'shared';
    // Port 0 names no port that a process which comes later could ask the cluster's primary for.
    const port = isShared && address.port === 0 ? await probeListen(address) : address.port;
    return this.#listen({ ...address, port }, !isShared);
  }

  #listen(address: ListenAddress, exclusive: boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#server.listening) throw new ListenError('listen_failed', 'The adapter listens already.');
      const onError = (error: Error): void => reject(listenError(address, error));
      this.#server.once('error', onError);
      this.#server.listen({ host: bindHost(address.host), port: address.port, exclusive }, () => {
        this.#server.off('error', onError);
        this.#server.on('error', (error) => this.#options.onError(error, 'server'));
        this.#idleClock ??= setInterval(() => this.#tick(), (this.#options.idleTimeoutS * 1000) / IDLE_TICKS).unref();
        const bound = this.#server.address();
        resolve(typeof bound === 'object' && bound !== null ? bound.port : address.port);
      });
    });
  }

  stopListening(): void {
    if (this.#server.listening) this.#server.close();
  }

  publish(topic: string, data: MessageData): void {
    const subscribers = this.#topics.get(topic);
    if (subscribers === undefined) return;
    const message = encodeMessage(data);
    for (const socket of subscribers) if (socket.write(message) === 'dropped') this.#onDropped(socket);
  }

  subscribers(topic: string): number {
    return this.#topics.get(topic)?.size ?? 0;
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      clearInterval(this.#idleClock);
      for (const socket of [...this.#open]) socket.end(GOING_AWAY, '');
      const freed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
      this.#server.closeAllConnections();
      for (const stream of [...this.#streams]) stream.destroy();
      await freed;
    }
    await this.#deferred.settled();
  }

  #onRequest(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const request = copyRequest(incoming);
    const failed = (error: unknown): void => {
      this.#options.onError(error, 'request');
      answer(outgoing, request.method, problem(500));
    };
    incoming.on('error', () => {}); // the peer went in the middle of its body
    const receive = this.#handlers.receiver?.(request);
    if (receive) {
      this.#receive(receive, incoming, (response) => answer(outgoing, request.method, response, failed), failed);
      return;
    }
    readBody(incoming, this.#options.maxRequestBytes ?? DEFAULT_MAX_REQUEST_BYTES, (body) => {
      if (body === undefined) return answer(outgoing, request.method, problem(413));
      settle(
        () => this.#handlers.request({ ...request, body }),
        (response) => answer(outgoing, request.method, response, failed),
        failed,
      );
    });
  }

  #receive(
    receive: BodyReceiver,
    incoming: IncomingMessage,
    answered: (response: HttpResponse) => void,
    failed: (error: unknown) => void,
  ): void {
    const body = streamBody(incoming);
    settle(
      () => receive(body),
      (response) => {
        body.discard();
        answered(response);
      },
      (error) => {
        body.discard();
        if (!(error instanceof BodyInterrupted)) failed(error);
      },
    );
  }

  #onUpgrade(incoming: IncomingMessage, stream: Duplex, head: Buffer): void {
    // node:http has let go of the stream: from here on its errors are ours.
    stream.on('error', () => stream.destroy());
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    const request = copyRequest(incoming);
    const failed = (error: unknown): void => {
      this.#options.onError(error, 'upgrade');
      answerRaw(stream, request.method, problem(500));
    };
    // Any `upgrade` header comes here, also one for a protocol that the relay does not speak and may ignore.
    if (!asksForWebSocket(request)) {
      settle(
        () => this.#handlers.request(request),
        (response) => answerRaw(stream, request.method, response),
        failed,
      );
      return;
    }
    const refusal = upgradeRefusal(request);
    if (refusal !== undefined) {
      answerRaw(stream, request.method, refusal);
      return;
    }
    settle(
      () => this.#handlers.upgrade(request),
      (decision) => {
        if (!decision.accept) return answerRaw(stream, request.method, decision.response);
        if (decision.subprotocol !== undefined) this.#subprotocols.set(incoming, decision.subprotocol);
        this.#webSockets.handleUpgrade(incoming, stream, head, (native) => this.#onOpen(native, stream, decision.context));
      },
      failed,
    );
  }

  #onOpen(native: WebSocket, stream: Duplex, context: C): void {
    // A server over TCP hands out TCP sockets; the type is wider. Nobody opens one on a relay that has closed.
    if (!(stream instanceof Socket) || this.#isClosed) {
      native.terminate();
      return;
    }
    const socket = new WsSocket<C>(context, this, native, stream);
    native.on('message', (data, isBinary) => this.#onMessage(socket, data as Buffer, isBinary));
    native.on('close', (code) => socket.gone(code));
    // Every error is followed by a close, and says only what the peer did: a reset, a frame that is none.
    native.on('error', () => {});
    this.#open.add(socket);
    this.#guard(socket, 'opened', () => this.#handlers.opened(socket));
  }

  #onMessage(socket: WsSocket<C>, data: Buffer, isBinary: boolean): void {
    if (!socket.isOpen) return;
    if (isBinary) this.#guard(socket, 'binary', () => this.#handlers.binary(socket, data));
    else this.#guard(socket, 'text', () => this.#handlers.text(socket, data.toString()));
  }

  #onDropped(socket: WsSocket<C>): void {
    if (!socket.isOpen || !socket.noteLoss()) return;
    this.#deferred.push(() => {
      socket.lossTold();
      if (socket.isOpen) this.#guard(socket, 'dropped', () => this.#handlers.dropped(socket));
    });
  }

  /** Part of WsSocketOwner, like those that follow: for the sockets, not for the relay. */
  subscribe(socket: WsSocket<C>, topic: string): void {
    const subscribers = this.#topics.get(topic);
    if (subscribers === undefined) this.#topics.set(topic, new Set([socket]));
    else subscribers.add(socket);
    socket.topics.add(topic);
  }

  unsubscribe(socket: WsSocket<C>, topic: string): void {
    socket.topics.delete(topic);
    const subscribers = this.#topics.get(topic);
    subscribers?.delete(socket);
    if (subscribers?.size === 0) this.#topics.delete(topic);
  }

  drained(socket: WsSocket<C>): void {
    this.#deferred.push(() => {
      // What an earlier handler sent may have filled it again; then it drains once more.
      if (socket.isDrained) this.#guard(socket, 'drained', () => this.#handlers.drained(socket));
    });
  }

  ended(socket: WsSocket<C>, code: number): void {
    this.#open.delete(socket);
    for (const topic of [...socket.topics]) this.unsubscribe(socket, topic);
    this.#deferred.push(() => this.#guard(socket, 'closed', () => this.#handlers.closed(socket, code)));
  }

  #tick(): void {
    for (const socket of [...this.#open]) socket.tick(PING_FROM_TICK, IDLE_TICKS);
  }

  #guard(socket: WsSocket<C>, where: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onError(error, where);
      socket.end(HANDLER_FAILED, 'internal error');
    }
  }
}
