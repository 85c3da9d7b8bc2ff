// The slice of uWebSockets.js that the adapter uses, as it is: its own types promise more than some builds have.
import { createRequire } from 'node:module';
import { MAX_HEADER_BYTES } from './http.ts';

export interface UwsWebSocket<U> {
  /** 1: sent, 0: buffered, 2: dropped. */
  send(data: string | Uint8Array, isBinary: boolean, compress: boolean): number;
  end(code: number, reason: string): void;
  close(): void;
  getBufferedAmount(): number;
  subscribe(topic: string): boolean;
  unsubscribe(topic: string): boolean;
  /** Some builds give the object passed to `upgrade`, others the socket with that object's properties copied to it. */
  getUserData(): U;
}

export interface UwsResponse {
  writeStatus(status: string): UwsResponse;
  writeHeader(name: string, value: string): UwsResponse;
  end(body: string | Uint8Array): UwsResponse;
  endWithoutBody(): UwsResponse;
  close(): UwsResponse;
  onAborted(handler: () => void): UwsResponse;
  onData(handler: (chunk: ArrayBuffer, isLast: boolean) => void): UwsResponse;
  /** Whether the socket is read. A peer that goes while it is not is noticed later. */
  pause(): void;
  resume(): void;
  /** Writes what it can of a body of `totalBytes`: whether it was all of the chunk, and whether the response is ended. */
  tryEnd(chunk: Uint8Array, totalBytes: number): [isWritten: boolean, isEnded: boolean];
  /** Body bytes written so far. */
  getWriteOffset(): number;
  /** Called when there is room again. Answers whether all that waited was written. */
  onWritable(handler: (offset: number) => boolean): UwsResponse;
  cork(work: () => void): UwsResponse;
  getRemoteAddress(): ArrayBuffer;
  upgrade<U>(userData: U, key: string, subprotocol: string, extensions: string, context: UwsUpgradeContext): void;
}

export interface UwsRequest {
  getMethod(): string;
  getUrl(): string;
  getQuery(): string | undefined;
  /** The first header of this name, '' where there is none. */
  getHeader(name: string): string;
  forEach(visit: (name: string, value: string) => void): void;
}

export interface UwsUpgradeContext {
  readonly uwsUpgradeContext: never;
}

export interface UwsListenSocket {
  readonly uwsListenSocket: never;
}

export interface UwsBehavior<U> {
  readonly maxPayloadLength: number;
  readonly maxBackpressure: number;
  readonly closeOnBackpressureLimit: boolean;
  readonly idleTimeout: number;
  readonly sendPingsAutomatically: boolean;
  readonly maxLifetime: number;
  readonly compression: number;
  upgrade(response: UwsResponse, request: UwsRequest, context: UwsUpgradeContext): void;
  open(socket: UwsWebSocket<U>): void;
  message(socket: UwsWebSocket<U>, message: ArrayBuffer, isBinary: boolean): void;
  dropped(socket: UwsWebSocket<U>): void;
  drain(socket: UwsWebSocket<U>): void;
  close(socket: UwsWebSocket<U>, code: number): void;
}

export interface UwsApp {
  ws<U>(pattern: string, behavior: UwsBehavior<U>): UwsApp;
  any(pattern: string, handler: (response: UwsResponse, request: UwsRequest) => void): UwsApp;
  listen(host: string, port: number, options: number, done: (socket: UwsListenSocket | false) => void): UwsApp;
  publish(topic: string, data: string | Uint8Array, isBinary: boolean, compress: boolean): boolean;
  numSubscribers(topic: string): number;
  close(): UwsApp;
}

export interface UwsBinding {
  App(): UwsApp;
  SSLApp(options: { readonly cert_file_name: string; readonly key_file_name: string }): UwsApp;
  us_listen_socket_close(socket: UwsListenSocket): void;
  readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number;
  readonly DISABLED: number;
}

/** Loads the native library. Throws where there is none for this platform, this Node or this C library. */
export function loadUws(): UwsBinding {
  // Read once, when the library loads; its own limit of 4 KB is less than a site's cookies may come to.
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(MAX_HEADER_BYTES);
  // `require`, because on some versions of Node an `import` that fails to load native code ends the process later.
  const binding: unknown = createRequire(import.meta.url)('uWebSockets.js');
  if (typeof (binding as Partial<UwsBinding> | undefined)?.App !== 'function') throw new Error('The module has no App.');
  return binding as UwsBinding;
}
