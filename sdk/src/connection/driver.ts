// Performs what the machine decides: opens sockets, keeps the one timer, reports status. The generation counter makes
// every callback of an earlier socket void, since some platforms call late and some never.

import type { Environment } from '../environment.ts';
import { ChatError, toChatError } from '../errors.ts';
import type { ClientFrame, ErrorAction, FrameOf, ServerFrame } from '../protocol/index.ts';
import { closeAction, decodeServerFrame, encodeFrame, PROTOCOL_VERSION } from '../protocol/index.ts';
import type { Transport } from '../transport/transport.ts';
import type { Status, StatusChange, User } from '../types.ts';
import type { Event, State } from './machine.ts';
import { isUp, step } from './machine.ts';

/** Who connects: the fields of `connect` that tell. JSON leaves out what is undefined. */
export interface Credentials {
  readonly token?: string | undefined;
  readonly user?: User | undefined;
  readonly resume?: string | undefined;
}

/** What the driver needs, and whom it tells. A change of status is told after `up` and `down`. */
export interface DriverHooks {
  readonly environment: Environment;
  /** Asked before each dial, so that a token is as fresh as its giver makes it. */
  readonly identity: {
    /** True where asking again may bring another token. */
    readonly isRenewable: boolean;
    credentials(): Promise<Credentials>;
  };
  up(frame: FrameOf<ServerFrame, 'connected'>): void;
  down(): void;
  frame(frame: ServerFrame): void;
  status(change: StatusChange): void;
}

/** The id of the `connect` request. Other requests count from above it. */
export const CONNECT_ID = 1;

export class Driver {
  readonly #url: string;
  readonly #hooks: DriverHooks;
  #state: State = { name: 'idle' };
  /** The status, and why it is so. Changed by the driver alone. */
  change: StatusChange = { status: 'idle' };
  #error: ChatError | undefined;
  #transport: Transport | undefined;
  #generation = 0;
  #timer: unknown;
  #unlisten: (() => void) | undefined;
  #armedFor: number | undefined;

  constructor(url: string, hooks: DriverHooks) {
    this.#url = url;
    this.#hooks = hooks;
  }

  get isUp(): boolean {
    return isUp(this.#state);
  }

  connect(): void {
    this.#unlisten ??= this.#hooks.environment.lifecycle.listen((signal) => this.#dispatch({ type: signal }));
    this.#dispatch({ type: 'connect' });
  }

  close(): void {
    this.#unlisten?.();
    this.#error = undefined;
    this.#dispatch({ type: 'close' });
  }

  /** A reply is overdue: the socket is asked whether it lives, and given up where it does but still owes the reply. */
  suspect(overdueAgain: boolean): void {
    this.#dispatch(overdueAgain ? { type: 'lost', retry: true } : { type: 'doubt' });
  }

  /** False where there is no connection to write to. */
  write(frame: ClientFrame): boolean {
    // Timers are throttled in hidden pages: a deadline may have passed without a word.
    if (this.#armedFor !== undefined && this.#hooks.environment.clock.now() > this.#armedFor) this.#dispatch({ type: 'due' });
    if (!this.isUp) return false;
    this.#transport?.send(encodeFrame(frame));
    return true;
  }

  #dispatch(event: Event): void {
    const { clock, random, lifecycle } = this.#hooks.environment;
    const before = this.#state;
    const state = step(before, event, { now: clock.now(), random, hidden: lifecycle.isHidden() });
    if (state === before) return;
    this.#state = state;
    if (isUp(before) && !isUp(state)) this.#hooks.down();
    if (state !== this.#state) return; // who heard of it has closed the client, say
    this.#enter(state);
    this.#setTimer('until' in state ? state.until : undefined);
    if (event.type === 'connected') this.#hooks.up(event.frame);
    this.#report();
  }

  #enter(state: State): void {
    if (state.name === 'verifying') this.#transport?.send(encodeFrame({ type: 'ping' }));
    if (isUp(state)) return;
    this.#generation++; // first: what the old socket still has to say concerns nobody
    this.#transport?.close();
    this.#transport = undefined;
    if (state.name === 'connecting') void this.#dial(this.#generation);
  }

  async #dial(generation: number): Promise<void> {
    let action: ErrorAction = 'retry'; // who gives tokens may be out of reach as well
    try {
      const credentials = await this.#hooks.identity.credentials();
      if (generation !== this.#generation) return;
      action = 'fix'; // no socket can be made of this URL, now or later
      this.#open(generation, credentials);
    } catch (error) {
      if (generation !== this.#generation) return;
      const known = error instanceof ChatError ? error : new ChatError('unreachable', action, String(error));
      this.#lose(known);
    }
  }

  #open(generation: number, credentials: Credentials): void {
    const isCurrent = (): boolean => generation === this.#generation;
    const transport = this.#hooks.environment.openTransport(this.#url, {
      opened: () => {
        if (!isCurrent()) return;
        const connect = { type: 'connect', id: CONNECT_ID, version: PROTOCOL_VERSION, ...credentials } as ClientFrame;
        transport.send(encodeFrame(connect));
      },
      message: (text) => isCurrent() && this.#receive(text),
      closed: (code) => isCurrent() && this.#closed(code),
    });
    this.#transport = transport;
  }

  #receive(text: string): void {
    this.#dispatch({ type: 'heard' });
    const frame = decodeServerFrame(text);
    if (frame === undefined) return; // FRM4: a newer relay's
    if (frame.type === 'connected') {
      this.#error = undefined;
      this.#dispatch({ type: 'connected', frame });
    } else if (frame.type === 'drain') {
      // Not waiting for the close: whatever is under way goes out again over the next connection.
      this.#lose(new ChatError('draining', 'retry', undefined, frame.retryAfterMs));
    } else if (frame.type === 'error' && frame.id === CONNECT_ID) {
      this.#lose(toChatError(frame));
    } else this.#hooks.frame(frame);
  }

  #closed(code: number): void {
    const action = closeAction(code);
    const renewed = this.#hooks.identity.isRenewable ? 'retry' : 'fix';
    this.#lose(new ChatError(`close_${code}`, action === 'reauthenticate' ? renewed : action));
  }

  #lose(error: ChatError): void {
    this.#error = error;
    this.#dispatch({ type: 'lost', retry: error.action !== 'fix', retryAfterMs: error.retryAfterMs });
  }

  #setTimer(until: number | undefined): void {
    if (until === this.#armedFor) return;
    const { clock } = this.#hooks.environment;
    clock.clearTimer(this.#timer);
    this.#armedFor = until;
    if (until === undefined) return;
    this.#timer = clock.setTimer(() => {
      this.#armedFor = undefined;
      this.#dispatch({ type: 'due' });
    }, until - clock.now());
  }

  #report(): void {
    const state = this.#state;
    const status = statusOf(state);
    const retryAt = state.name === 'waiting' ? state.until : undefined;
    if (status === this.change.status && retryAt === this.change.retryAt) return;
    this.change = { status, retryAt, error: this.#error };
    this.#hooks.status(this.change);
  }
}

function statusOf(state: State): Status {
  if (isUp(state)) return 'online';
  if ('notBefore' in state) return 'offline'; // waiting, or suspended
  return state.name === 'denied' ? 'closed' : state.name;
}
