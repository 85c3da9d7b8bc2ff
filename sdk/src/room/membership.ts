// Runs the room's log: asks what it wants asked, shows what it delivers, and knows whether the room is live.

import type { Emitter } from '../emitter.ts';
import { ChatError } from '../errors.ts';
import type { RoomEvent } from '../protocol/index.ts';
import type { RoomEvents, RoomState } from '../types.ts';
import { withoutType } from '../without-type.ts';
import { toCustomEvent } from './history.ts';
import type { RoomHost, RoomPush } from './host.ts';
import type { People } from './people.ts';
import type { LogEffect, LogInput } from './room-log.ts';
import { isJoined, newLog, stepLog } from './room-log.ts';
import type { Timeline } from './timeline.ts';

export class Membership {
  readonly #host: RoomHost;
  readonly #emitter: Emitter<RoomEvents>;
  readonly #timeline: Timeline;
  readonly #people: People;
  #log;
  /** Changed by the membership alone. */
  state: RoomState = 'left';
  #timer: unknown;
  #joins: { resolve(): void; reject(error: ChatError): void }[] = [];

  constructor(host: RoomHost, room: string, emitter: Emitter<RoomEvents>, timeline: Timeline, people: People) {
    this.#host = host;
    this.#emitter = emitter;
    this.#timeline = timeline;
    this.#people = people;
    this.#log = newLog(room);
    host.attach(room, this);
  }

  /** True where the relay pushes to us. */
  get isJoined(): boolean {
    return isJoined(this.#log);
  }

  /** True where we want to be in the room, joined or not. */
  get isWanted(): boolean {
    return this.#log.phase !== 'out';
  }

  async join(recent: number): Promise<void> {
    const { ended, isUp } = this.#host;
    if (ended) throw ended;
    if (this.state === 'live') return;
    const live = new Promise<void>((resolve, reject) => this.#joins.push({ resolve, reject }));
    if (!this.isWanted) {
      this.run({ type: 'join', recent });
      if (isUp) this.connected();
      else this.#host.start();
    }
    await live;
  }

  connected(): void {
    this.run({ type: 'connected' });
  }

  lost(): void {
    this.#people.lost();
    this.run({ type: 'lost' });
  }

  /** Out of the room: by leaving, by the relay's word, or with the client. */
  end(error: ChatError, state: 'left' | 'denied'): void {
    [this.#log] = stepLog(this.#log, { type: 'leave' });
    this.#wait();
    this.#people.left();
    this.#setState(state);
    for (const join of this.#joins.splice(0)) join.reject(error);
  }

  receive(push: RoomPush): void {
    if (!this.isJoined) return; // JOI1: what counts comes after `joined`
    if (push.type === 'ephemeral') this.#emitter.emit('event', withoutType(push));
    else if (push.type === 'events' || push.type === 'removed') {
      this.run(push);
    } else if (push.type === 'position') {
      this.#people.checkPresence(push.presenceVersion);
      this.run(push);
    } else this.#people.receive(push);
  }

  run(input: LogInput): void {
    const [log, ...effects] = stepLog(this.#log, input);
    this.#log = log;
    for (const effect of effects) this.#perform(effect);
    const { phase, position } = this.#log; // listeners may have changed it meanwhile
    if (phase === 'out') return;
    this.#setState(phase === 'live' ? phase : position.epoch === '' ? 'joining' : 'recovering');
    if (this.state === 'live') for (const join of this.#joins.splice(0)) join.resolve();
  }

  #perform(effect: LogEffect): void {
    switch (effect.type) {
      case 'ask':
        this.#wait();
        this.#host.ask(effect.request, (answer) => {
          if (answer instanceof ChatError) this.run({ type: 'refused', error: answer });
          else if (answer.type === 'joined' || answer.type === 'history') this.run(answer);
        });
        break;
      case 'wait':
        this.#wait(effect.delayMs);
        break;
      case 'joined':
        this.#joined(effect);
        break;
      case 'deliver':
        for (const event of effect.events) this.#deliver(event);
        break;
      case 'denied':
        this.end(effect.error, 'denied');
    }
  }

  #joined({ reply, restart }: LogEffect & { readonly type: 'joined' }): void {
    this.#timeline.logStart = reply.start;
    this.#people.joined(reply, restart !== undefined);
    if (restart === undefined) return;
    this.#timeline.restart(restart.position);
    if (restart.reason) this.#emitter.emit('discontinuity', { reason: restart.reason });
  }

  /** Asks again after a time; without one, does not ask again. */
  #wait(delayMs?: number): void {
    const { clock } = this.#host.environment;
    clock.clearTimer(this.#timer);
    if (delayMs !== undefined) this.#timer = clock.setTimer(() => this.run({ type: 'due' }), delayMs);
  }

  #deliver(event: RoomEvent): void {
    const message = this.#timeline.append(event);
    this.#people.heed(event);
    if (message && !message.notice) this.#emitter.emit('message', message);
    if (event.type === 'custom') this.#emitter.emit('event', toCustomEvent(this.#log.room, event));
  }

  #setState(state: RoomState): void {
    if (state === this.state) return;
    this.state = state;
    this.#emitter.emit('state', state);
  }
}
