// A plain WebSocket to a consumer of our own, dialled again until it is there. Rooms have the SDK for that; a route that
// speaks something else needs no more than this.
import { showConnection } from './connection.ts';

export interface LiveSocketOptions {
  /** It is open, for the first time or again: what the consumer must know is said here. */
  readonly onOpen?: () => void;
  /** Bytes arrive as an ArrayBuffer. */
  readonly onMessage: (data: string | ArrayBuffer) => void;
  /** It is closed; it dials again by itself unless the code is one that ends it. */
  readonly onClose?: () => void;
}

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;
/** From here on a relay says that dialling again will not help: PROTOCOL.md, close codes. */
const FIRST_FINAL_CODE = 4500;

/** One at a time, to `path` of the page's own origin, with its state in the page's badge. */
export class LiveSocket {
  readonly #url: string;
  readonly #options: LiveSocketOptions;
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  #wasLive = false;
  #isEnded = false;

  constructor(path: string, options: LiveSocketOptions) {
    this.#url = new URL(path, location.href.replace(/^http/, 'ws')).href;
    this.#options = options;
    // Whoever comes back to the page, or whose network has, does not want to wait for a delay to end.
    addEventListener('online', this.#dialNow);
    document.addEventListener('visibilitychange', this.#dialNow);
    this.#dial();
  }

  /** False where it was not sent, since nothing is open. */
  send(data: string | ArrayBufferView<ArrayBuffer>): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(data);
    return true;
  }

  /** Ends it for good. */
  close(): void {
    this.#end('');
    this.#socket?.close();
  }

  #dial(): void {
    showConnection(this.#wasLive ? 'reconnecting' : 'connecting');
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      this.#attempts = 0;
      this.#wasLive = true;
      showConnection('live');
      this.#options.onOpen?.();
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => this.#options.onMessage(data));
    socket.addEventListener('close', ({ code, reason }) => this.#closed(code, reason));
  }

  #closed(code: number, reason: string): void {
    this.#socket = undefined;
    this.#options.onClose?.();
    if (code >= FIRST_FINAL_CODE && code < 5_000) this.#end(reason);
    if (this.#isEnded) return;
    showConnection(this.#wasLive ? 'reconnecting' : 'connecting');
    const ceilingMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    // All pages of a relay that has gone lose it in the same moment; they must not all come back in the same one.
    this.#retry = setTimeout(() => this.#dial(), ceilingMs * (0.5 + Math.random() / 2));
  }

  #dialNow = (): void => {
    if (this.#isEnded || this.#socket || document.visibilityState === 'hidden') return;
    clearTimeout(this.#retry);
    this.#attempts = 0;
    this.#dial();
  };

  #end(why: string): void {
    this.#isEnded = true;
    clearTimeout(this.#retry);
    removeEventListener('online', this.#dialNow);
    document.removeEventListener('visibilitychange', this.#dialNow);
    showConnection('closed', why);
  }
}
