// The seam between the relay and someone else's sockets. Only the two files beside this one know a socket library; what
// lies behind is told in values: a request is copied before the handler sees it, an answer is an object, and no path may
// end without one.

/** What the relay does with an HTTP request. Header names are lower case. `path` is not decoded; `query` has no `?`. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: ReadonlyMap<string, string>;
  /** The peer's address as text, '' where it is not known. An IPv4 address is told as one also over an IPv6 socket. */
  readonly remoteAddress: string;
  /** Whole; empty where none came, and for an upgrade. */
  readonly body: Uint8Array;
}

/** A body that is not in memory: so many bytes, in pieces. One that breaks off, or brings fewer, cuts the connection. */
export interface BodySource {
  readonly bytes: number;
  /** Iterated once at most, at the pace of the peer; ended early where that goes. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Not written for HEAD, 204 and 304; the adapter sets `content-length`. */
  readonly body: string | Uint8Array | BodySource;
}

/**
 * Answers a request whose body it reads as it comes; reading waits, so does the sender. Iterating rejects with a
 * BodyInterrupted where the peer goes, or sends nothing for 10 s. What it leaves unread is thrown away.
 */
export type BodyReceiver = (body: AsyncIterable<Uint8Array>) => Promise<HttpResponse>;

/** `context` comes back as `socket.context` in every later call. No call comes where the peer has gone meanwhile. */
export type UpgradeDecision<C> =
  | { readonly accept: true; readonly subprotocol?: string; readonly context: C }
  | { readonly accept: false; readonly response: HttpResponse };

/**
 * `sent`      the kernel has it
 * `buffered`  it waits in this connection's buffer
 * `dropped`   the buffer is full, or the socket is closed: it will not arrive
 */
export type SendResult = 'sent' | 'buffered' | 'dropped';

/** What one message carries: a string goes out as a text message, bytes as a binary one. */
export type MessageData = string | Uint8Array;

/** One live WebSocket. Every method is safe to call after the close: it does nothing then. */
export interface RelaySocket<C> {
  readonly context: C;
  /** Bytes that wait here for the peer to read; 0 after the close. Who sees it grow can leave out what is soon outdated. */
  readonly bufferedBytes: number;
  /** The bytes are taken or copied before it returns: they may be written to afterwards. */
  send(data: MessageData): SendResult;
  /**
   * As `send`, in one write with what is published to this socket in this turn: under load, writes are what messages cost.
   * Where it is taken and lost all the same, the `lost` handler says so.
   */
  sendSoon(text: string): SendResult;
  /** From now on, what is published to `topic` reaches this socket. */
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** Sends a close frame and ends the connection. The `closed` handler runs later, never inside this call. */
  end(code: number, reason: string): void;
}

/**
 * What the adapter tells the relay. No handler may throw: the adapter has no answer to an exception but to log it and to
 * close that one connection (or answer 500). `opened` comes first, `closed` last and once; none comes after it.
 */
export interface AdapterHandlers<C> {
  request(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
  /** Asked before any of a body is read. Who returns a receiver gets the body as it comes, however large; else `request` gets it whole. */
  receiver?(request: HttpRequest): BodyReceiver | undefined;
  /**
   * Decides an upgrade. May be asynchronous: the adapter has copied what it needs, and copes with a peer that goes
   * meanwhile. At once is better: uWebSockets.js warns on stderr about each upgrade that comes later.
   */
  upgrade(request: HttpRequest): UpgradeDecision<C> | Promise<UpgradeDecision<C>>;
  opened(socket: RelaySocket<C>): void;
  /** A text message, whole and valid UTF-8. */
  text(socket: RelaySocket<C>, text: string): void;
  binary(socket: RelaySocket<C>, bytes: Uint8Array): void;
  /**
   * Something published to this socket was dropped: once or more per loss. Called outside of any publish. uWebSockets.js
   * may call it for a `send` that answered `dropped` too.
   */
  dropped(socket: RelaySocket<C>): void;
  /** Something that `sendSoon` took may not have gone out: its reader is too slow. Called outside of any publish. */
  lost(socket: RelaySocket<C>): void;
  /** The buffer has run empty again after it held something. Called outside of any publish. */
  drained(socket: RelaySocket<C>): void;
  closed(socket: RelaySocket<C>, code: number): void;
}

/** A certificate, with the chain above it, and its key. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface AdapterOptions {
  /** A larger message closes the socket with 1009. uWebSockets.js answers this, and every violation, without a close frame: 1006 to the client. */
  readonly maxMessageBytes: number;
  /** Bytes buffered for one socket before what comes is dropped. */
  readonly maxBufferedBytes: number;
  /** A socket from which nothing came for so long, not even a pong, is closed. The adapter pings by itself before. A multiple of 4, 8 to 960. */
  readonly idleTimeoutS: number;
  /** With what it speaks TLS itself: names of PEM files. Default: it does not. */
  readonly tls?: TlsFiles;
  /** A larger request body is answered 413. Default 1 MiB. */
  readonly maxRequestBytes?: number;
  /** Told of faults that concern the operator: a handler that threw, a socket error. */
  readonly onError: (error: unknown, where: string) => void;
}

export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /**
   * `shared`: other processes of this user may listen on the port too, and each connection goes to one of them; on `ws` they
   * must be workers of one `node:cluster` primary. Default `exclusive`: a port that is in use is an error.
   */
  readonly sharing?: 'exclusive' | 'shared';
}

export interface Adapter {
  readonly name: 'uws' | 'ws';
  /** Resolves with the port once it accepts connections. Rejects with a ListenError where it can't. */
  listen(address: ListenAddress): Promise<number>;
  /** Takes no new connections; those that are open live on. */
  stopListening(): void;
  /** Sends `data` to each socket subscribed to `topic`, encoded once. Order with `send` to the same socket is kept. */
  publish(topic: string, data: MessageData): void;
  /** How many sockets are subscribed to `topic`. */
  subscribers(topic: string): number;
  /** Ends what is still open and frees the port. Resolves when every `closed` handler has run. */
  close(): Promise<void>;
}

/** The port can't be had. `message` is one sentence for the operator. */
export class ListenError extends Error {
  readonly code: 'port_in_use' | 'listen_failed';
  constructor(code: ListenError['code'], message: string) {
    super(message);
    this.name = 'ListenError';
    this.code = code;
  }
}
