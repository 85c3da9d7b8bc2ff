// Runs the room's log: asks what it wants asked, hands on what it delivers, and knows whether the room is live.

import type { Request } from '../connection/requests.ts';
import type { ChatError } from '../errors.ts';
import { toChatError } from '../errors.ts';
import type { FrameOf, Position, RoomEvent, ServerFrame } from '../protocol/index.ts';
import { MAX_PAGE_EVENTS } from '../protocol/index.ts';
import type { Discontinuity, RoomState } from '../types.ts';
import type { RoomHost } from './host.ts';
import type { LogEffect, LogInput, RoomLog } from './room-log.ts';
import { newLog, stepLog } from './room-log.ts';

export interface MembershipHooks {
  joined(reply: FrameOf<ServerFrame, 'joined'>): void;
  /** The log goes on behind `position`; with a reason, what it was before is void. */
  restart(position: Position, reason: Discontinuity['reason'] | undefined): void;
  deliver(events: readonly RoomEvent[]): void;
  state(state: RoomState): void;
}

export class Membership {
  readonly #host: RoomHost;
  readonly #room: string;
  readonly #hooks: MembershipHooks;
  #log: RoomLog = newLog;
  #state: RoomState = 'left';
  #wasLive = false;
  #recent = 0;
  #timer: unknown;
  #joins: { resolve(): void; reject(error: ChatError): void }[] = [];

  constructor(host: RoomHost, room: string, hooks: MembershipHooks) {
    this.#host = host;
    this.#room = room;
    this.#hooks = hooks;
  }

  get state(): RoomState {
    return this.#state;
  }

  /** True where the relay pushes to us. */
  get isJoined(): boolean {
    return this.#log.phase === 'live' || this.#log.phase === 'filling';
  }

  /** True where we want to be in the room, joined or not. */
  get isWanted(): boolean {
    return this.#log.phase !== 'out';
  }

  join(recent: number): Promise<void> {
    const { ended } = this.#host;
    if (ended) return Promise.reject(toChatError(ended));
    if (this.#state === 'live') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#joins.push({ resolve, reject });
      if (this.isWanted) return;
      this.#recent = recent;
      this.run({ type: 'join' });
      if (this.#host.isUp) this.run({ type: 'connected' });
      else this.#host.start();
    });
  }

  end(error: ChatError, state: 'left' | 'denied'): void {
    this.#log = stepLog(this.#log, { type: 'leave' }).log;
    this.#host.environment.clock.clearTimer(this.#timer);
    this.#wasLive = false;
    this.#setState(state);
    for (const join of this.#joins.splice(0)) join.reject(error);
  }

  run(input: LogInput): void {
    const { log, effects } = stepLog(this.#log, input);
    this.#log = log;
    for (const effect of effects) this.#perform(effect);
    const { phase } = this.#log; // listeners may have changed it meanwhile
    if (phase === 'live') {
      this.#wasLive = true;
      this.#setState('live');
      for (const join of this.#joins.splice(0)) join.resolve();
    } else if (phase !== 'out') this.#setState(this.#wasLive ? 'recovering' : 'joining');
  }

  #perform(effect: LogEffect): void {
    const room = this.#room;
    switch (effect.type) {
      case 'join': {
        const { position } = effect;
        this.#ask({ type: 'join', room, recent: this.#recent, ...(position && { position }) });
        break;
      }
      case 'history': {
        const { epoch, after } = effect;
        this.#ask({ type: 'history', room, epoch, after, limit: MAX_PAGE_EVENTS });
        break;
      }
      case 'wait':
        this.#wait(effect.delayMs);
        break;
      case 'restart':
        this.#hooks.restart(effect.position, effect.reason);
        break;
      case 'deliver':
        this.#hooks.deliver(effect.events);
        break;
      case 'denied':
        this.end(toChatError(effect.error), 'denied');
    }
  }

  #ask(request: Request): void {
    this.#host.environment.clock.clearTimer(this.#timer);
    this.#host.ask(request, (reply) => {
      if (reply.type === 'error') this.run({ type: 'refused', error: reply });
      else if (reply.type === 'history') this.run(reply);
      else if (reply.type === 'joined' && this.isWanted) {
        this.#hooks.joined(reply);
        this.run(reply);
      }
    });
  }

  #wait(delayMs: number): void {
    const { clock } = this.#host.environment;
    clock.clearTimer(this.#timer);
    this.#timer = clock.setTimer(() => this.run({ type: 'due' }), delayMs);
  }

  #setState(state: RoomState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#hooks.state(state);
  }
}
