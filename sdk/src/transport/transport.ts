/** What the client needs of a socket. A test's fake is one; so is any stream of text messages. */
export interface Transport {
  send(text: string): void;
  /** Never throws, and need not lead to `closed`: who closes has stopped listening. */
  close(): void;
}

/** Called by a transport, never from inside the call that opened it. */
export interface TransportHandlers {
  opened(): void;
  message(text: string): void;
  closed(code: number): void;
}

/** Opens a socket. May throw where the URL is none. */
export type OpenTransport = (url: string, handlers: TransportHandlers) => Transport;
