// Sockets and topics by uWebSockets.js. A publish is one native call, whoever is subscribed. The traps of the library are
// listed where they are avoided; test/conformance/adapter*.test.ts holds both adapters to the same behaviour.
import type { Adapter, AdapterHandlers, AdapterOptions, HttpRequest, ListenAddress, MessageData } from './adapter.ts';
import { ListenError } from './adapter.ts';
import { DeferredCalls } from './deferred.ts';
import { asksForWebSocket, isAmbiguous, problem, settle, upgradeRefusal } from './http.ts';
import { bindHost, checkOptions, listenError, probeListen, wellFormed } from './rules.ts';
import type {
  UwsApp,
  UwsBinding,
  UwsListenSocket,
  UwsRequest,
  UwsResponse,
  UwsUpgradeContext,
  UwsWebSocket,
} from './uws-binding.ts';
import { copyRequest, UwsExchange } from './uws-http.ts';
import type { SoonTurn, UserData } from './uws-socket.ts';
import { UwsSocket } from './uws-socket.ts';

const GOING_AWAY = 1001;
const HANDLER_FAILED = 1011;
const FREE_PORT_ATTEMPTS = 5;
const DEFAULT_MAX_REQUEST_BYTES = 1_048_576;
/** LIBUS_LISTEN_DEFAULT, which some builds do not export: SO_REUSEPORT, with which the kernel spreads what comes. */
const LISTEN_SHARED = 0;

// A byte order mark at the start of a message is part of it.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The library takes a first `connection` header of five characters for `close`, and closes a socket that is upgraded later
 * while it still works on it: the process would end.
 */
function endsConnection(request: UwsRequest): boolean {
  return request.getHeader('connection').length === 'close'.length;
}

/** The adapter on uWebSockets.js. */
export class UwsAdapter<C> implements Adapter {
  readonly name = 'uws';
  readonly maxBufferedBytes: number;
  readonly #uws: UwsBinding;
  readonly #app: UwsApp;
  readonly #options: AdapterOptions;
  readonly #handlers: AdapterHandlers<C>;
  readonly #deferred: DeferredCalls;
  readonly #sockets = new Set<UwsSocket<C>>();
  #listening: UwsListenSocket | undefined;
  #isClosed = false;
  #soonTopics = 0;
  #soonTurn: SoonTurn | undefined;

  constructor(uws: UwsBinding, options: AdapterOptions, handlers: AdapterHandlers<C>) {
    checkOptions(options);
    this.#uws = uws;
    this.#options = options;
    this.maxBufferedBytes = options.maxBufferedBytes;
    this.#handlers = handlers;
    this.#deferred = new DeferredCalls((error) => options.onError(error, 'deferred handler'));
    this.#app = this.#createApp();
  }

  // The route for sockets exists before anything can be published: some builds crash on a publish without one.
  #createApp(): UwsApp {
    const { maxMessageBytes, maxBufferedBytes, idleTimeoutS, tls } = this.#options;
    const app = tls ? this.#uws.SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile }) : this.#uws.App();
    return app
      .ws<UserData<C>>('/*', {
        maxPayloadLength: maxMessageBytes,
        maxBackpressure: maxBufferedBytes,
        closeOnBackpressureLimit: false,
        idleTimeout: idleTimeoutS,
        sendPingsAutomatically: true,
        maxLifetime: 0,
        compression: this.#uws.DISABLED,
        upgrade: (response, request, context) => this.#onUpgrade(response, request, context),
        open: (native) => this.#onOpen(native),
        message: (native, message, isBinary) => this.#onMessage(native.getUserData().relay, message, isBinary),
        dropped: (native) => this.#onDropped(native.getUserData().relay),
        drain: (native) => this.#onDrain(native.getUserData().relay),
        close: (native, code) => this.#onClose(native.getUserData().relay, code),
      })
      .any('/*', (response, request) => this.#onRequest(response, copyRequest(response, request)));
  }

  async listen(address: ListenAddress): Promise<number> {
    if (this.#listening !== undefined) throw new ListenError('listen_failed', 'The adapter listens already.');
    // A port that the kernel picks lacks SO_REUSEADDR in this library: after a restart it could not be had again for a
    // minute. So a free one is found first and then asked for by its number.
    const attempts = address.port === 0 ? FREE_PORT_ATTEMPTS : 1;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const port = address.port === 0 ? await probeListen(address) : address.port;
      if (this.#isClosed) throw new ListenError('listen_failed', 'The adapter is closed.');
      if (this.#tryListen({ ...address, port })) return port;
    }
    // The library says that it failed, not why. Whoever tries the same address in another way learns it.
    await probeListen(address);
    throw listenError(address, new Error('uWebSockets.js refused the address'));
  }

  #tryListen({ host, port, sharing }: ListenAddress): boolean {
    const option = sharing === 'shared' ? LISTEN_SHARED : this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT;
    this.#app.listen(bindHost(host), port, option, (socket) => {
      if (socket !== false) this.#listening = socket;
    });
    return this.#listening !== undefined;
  }

  stopListening(): void {
    if (this.#listening !== undefined) this.#uws.us_listen_socket_close(this.#listening);
    this.#listening = undefined;
  }

  publish(topic: string, data: MessageData): void {
    if (typeof data === 'string') this.#app.publish(topic, wellFormed(data), false, false);
    else this.#app.publish(topic, data, true, false);
  }

  /** A topic that one socket has to itself. */
  newSoonTopic(): string {
    this.#soonTopics++;
    return `soon:${this.#soonTopics}`;
  }

  /** Publishes what one socket sends soon. The library gathers what is published to a socket, and drains it before it waits again. */
  publishSoon(topic: string, text: string): SoonTurn {
    this.publish(topic, text);
    this.#soonTurn ??= this.#beginSoonTurn();
    return this.#soonTurn;
  }

  #beginSoonTurn(): SoonTurn {
    const turn = { isPast: false };
    // The first comes before or after this turn's drain, the second after it.
    setImmediate(() => {
      this.#soonTurn = undefined;
      setImmediate(() => {
        turn.isPast = true;
      });
    });
    return turn;
  }

  subscribers(topic: string): number {
    return this.#app.numSubscribers(topic);
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.stopListening();
      for (const socket of [...this.#sockets]) socket.end(GOING_AWAY, '');
      this.#app.close();
    }
    await this.#deferred.settled();
  }

  #onRequest(response: UwsResponse, request: HttpRequest): void {
    const exchange = new UwsExchange(response, request.method, (error) => this.#options.onError(error, 'request'));
    if (isAmbiguous(request)) {
      exchange.take((open) => open.close());
      return;
    }
    const refusal = asksForWebSocket(request) ? upgradeRefusal(request) : undefined;
    if (refusal !== undefined) {
      exchange.answer(refusal);
      return;
    }
    const receive = this.#handlers.receiver?.(request);
    if (receive) {
      exchange.receiveBody(request, receive);
      return;
    }
    exchange.readBody(request, this.#options.maxRequestBytes ?? DEFAULT_MAX_REQUEST_BYTES, (whole) =>
      settle(() => this.#handlers.request(whole), exchange.answer, exchange.fail),
    );
  }

  // The library calls this for any GET with a key of the right length, so that much is still to be checked.
  #onUpgrade(response: UwsResponse, incoming: UwsRequest, context: UwsUpgradeContext): void {
    const request = copyRequest(response, incoming);
    if (!asksForWebSocket(request) || upgradeRefusal(request) !== undefined) {
      this.#onRequest(response, request);
      return;
    }
    const exchange = new UwsExchange(response, request.method, (error) => this.#options.onError(error, 'upgrade'));
    if (endsConnection(incoming)) {
      exchange.answer(problem(400));
      return;
    }
    const key = request.headers.get('sec-websocket-key') ?? '';
    settle(
      () => this.#handlers.upgrade(request),
      (decision) => {
        if (!decision.accept) return exchange.answer(decision.response);
        const relay = new UwsSocket<C>(decision.context, this);
        // Not corked: before v20.79 the library reads, after a `cork`, what has become a WebSocket as a response, and closes
        // it now and then; how often depends on the build and on what was in memory. A decision in the same turn is inside
        // the library's own cork, which is sound; a later one makes it write a warning.
        exchange.take((open) => open.upgrade<UserData<C>>({ relay }, key, decision.subprotocol ?? '', '', context));
      },
      exchange.fail,
    );
  }

  #onOpen(native: UwsWebSocket<UserData<C>>): void {
    const socket = native.getUserData().relay;
    socket.attach(native);
    this.#sockets.add(socket);
    this.#guard(socket, 'opened', () => this.#handlers.opened(socket));
  }

  #onMessage(socket: UwsSocket<C>, message: ArrayBuffer, isBinary: boolean): void {
    if (!socket.isOpen) return;
    // The message's memory is taken back on return. The library has checked that a text is valid UTF-8.
    try {
      if (isBinary) this.#handlers.binary(socket, new Uint8Array(message.slice(0)));
      else this.#handlers.text(socket, utf8.decode(message));
    } catch (error) {
      this.#onFault(socket, isBinary ? 'binary' : 'text', error);
    }
  }

  #onDropped(socket: UwsSocket<C>): void {
    const isLost = socket.sendsSoon;
    if (!socket.noteLoss()) return;
    this.#deferred.push(() => {
      socket.lossTold();
      if (isLost && socket.isOpen) this.#guard(socket, 'lost', () => this.#handlers.lost(socket));
      if (socket.isOpen) this.#guard(socket, 'dropped', () => this.#handlers.dropped(socket));
    });
  }

  #onDrain(socket: UwsSocket<C>): void {
    this.#deferred.push(() => {
      // The library tells of each step of a drain, and an earlier handler may have filled the buffer again.
      if (socket.isDrained) this.#guard(socket, 'drained', () => this.#handlers.drained(socket));
    });
  }

  // Called inside `end` and inside the app's `close` too: hence deferred.
  #onClose(socket: UwsSocket<C>, code: number): void {
    socket.detach();
    this.#sockets.delete(socket);
    this.#deferred.push(() => this.#guard(socket, 'closed', () => this.#handlers.closed(socket, code)));
  }

  #guard(socket: UwsSocket<C>, where: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#onFault(socket, where, error);
    }
  }

  #onFault(socket: UwsSocket<C>, where: string, error: unknown): void {
    this.#options.onError(error, where);
    socket.end(HANDLER_FAILED, 'internal error');
  }
}
