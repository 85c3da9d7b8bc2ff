// One WebSocket of uWebSockets.js: the one object that a connection costs on our side; there is no closure and no timer for each.
import type { MessageData, RelaySocket, SendResult } from './adapter.ts';
import { closeReason, wellFormed } from './rules.ts';
import type { UwsWebSocket } from './uws-binding.ts';

const SEND_RESULTS: readonly SendResult[] = ['buffered', 'sent', 'dropped'];

export interface UserData<C> {
  readonly relay: UwsSocket<C>;
}

/** A turn of the event loop in which something was published to be sent soon; past once the library has drained that. */
export interface SoonTurn {
  readonly isPast: boolean;
}

/** What a socket asks of its adapter. */
export interface UwsSocketOwner {
  readonly maxBufferedBytes: number;
  newSoonTopic(): string;
  publishSoon(topic: string, text: string): SoonTurn;
}

export class UwsSocket<C> implements RelaySocket<C> {
  readonly context: C;
  readonly #owner: UwsSocketOwner;
  // The native socket, while it lives: any access to it after its close throws.
  #native: UwsWebSocket<UserData<C>> | undefined;
  #lossPending = false;
  #soonTopic: string | undefined;
  #soonTurn: SoonTurn | undefined;

  constructor(context: C, owner: UwsSocketOwner) {
    this.context = context;
    this.#owner = owner;
    this.#native = undefined;
    this.#soonTopic = undefined;
    this.#soonTurn = undefined;
  }

  get isOpen(): boolean {
    return this.#native !== undefined;
  }

  get isDrained(): boolean {
    return this.#native?.getBufferedAmount() === 0;
  }

  /** True while something that `sendSoon` took may not be drained yet: a loss may be its. */
  get sendsSoon(): boolean {
    return this.#soonTurn?.isPast === false;
  }

  /** True for the first loss since `lossTold`. A slow reader in a busy room loses thousands at a time. */
  noteLoss(): boolean {
    const isFirst = !this.#lossPending;
    this.#lossPending = true;
    return isFirst;
  }

  lossTold(): void {
    this.#lossPending = false;
  }

  attach(native: UwsWebSocket<UserData<C>>): void {
    this.#native = native;
  }

  detach(): void {
    this.#native = undefined;
  }

  get bufferedBytes(): number {
    return this.#native?.getBufferedAmount() ?? 0;
  }

  send(data: MessageData): SendResult {
    const native = this.#native;
    if (native === undefined) return 'dropped';
    const code = typeof data === 'string' ? native.send(wellFormed(data), false, false) : native.send(data, true, false);
    return SEND_RESULTS[code] ?? 'dropped';
  }

  /** It goes the way of what is published, by a topic of its own: that is what the library gathers into one write. */
  sendSoon(text: string): SendResult {
    const native = this.#native;
    if (native === undefined) return 'dropped';
    // Behind what waits already it would gain nothing, and only `send` says at once whether it is taken.
    if (native.getBufferedAmount() > 0) return this.send(text);
    if (this.#soonTopic === undefined) {
      this.#soonTopic = this.#owner.newSoonTopic();
      native.subscribe(this.#soonTopic);
    }
    this.#soonTurn = this.#owner.publishSoon(this.#soonTopic, text);
    return 'buffered';
  }

  subscribe(topic: string): void {
    this.#native?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#native?.unsubscribe(topic);
  }

  end(code: number, reason: string): void {
    const native = this.#native;
    if (native === undefined) return;
    this.#native = undefined;
    // Over the limit the close frame would be dropped like anything else, and the peer could stay for as long as it likes.
    if (native.getBufferedAmount() > this.#owner.maxBufferedBytes) native.close();
    else native.end(code, closeReason(reason));
  }
}
