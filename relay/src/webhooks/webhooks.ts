// Tells the operator's endpoints what happens in rooms, as Standard Webhooks says (standardwebhooks.com): a POST with
// `{ type, timestamp, data }`, an id, a time, and signatures.
//
// type                                       data
// message.published, .edited, .deleted       { room, epoch, event }: the event as every reader gets it
// message.reacted, event.published           { room, epoch, event }: a reaction; a custom event
// member.joined, member.left                 { room, member }: came as the first of their connections, went with the last
// room.emptied                               { room }: that was the last member
//
// At least once, while the process lives: what waits when it is killed is lost, and so is what can't be delivered within
// the endpoint's `giveUpAfterMs`. A receiver that must have every event reads what is missing from the room's history, by
// its offsets. An event keeps its webhook-id over retries, restarts and relays: who remembers ids takes each once.
//
// Endpoints are the operator's own words in their own configuration: addresses inside their network are allowed. Nothing
// that a member says becomes part of an address.

import { randomBytes } from 'node:crypto';
import type { EventBody, Member } from '@chat-room/sdk/protocol';
import type { Logger } from 'pino';
import type { Clocks } from '../clocks.ts';
import type { Draft, PublishOutcome } from '../engine/engine.ts';
import { storeEvent } from '../engine/stored-event.ts';
import type { DeliveryOutcome } from './endpoint.ts';
import { Endpoint } from './endpoint.ts';
import type { WebhookEvent, WebhookOptions } from './webhook-options.ts';

export interface WebhookParts extends Clocks {
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** `endpoint` is its URL without a query. */
  readonly settled: (endpoint: string, outcome: DeliveryOutcome, count: number) => void;
  /** From 0 up to 1. Default: the machine's. */
  readonly random?: () => number;
  /** Calls once after so many milliseconds, unless the function that it returns is called first. Default: the machine's. */
  readonly setTimer?: (callback: () => void, delayMs: number) => () => void;
}

/** How long the end of the relay waits for endpoints. */
const GRACE_MS = 5_000;
/** Events that were told lately: a publish that is repeated is not told again while its event is among them. */
const MAX_TOLD = 10_000;

const TYPES: { readonly [T in EventBody['type']]: string } = {
  message: 'message.published',
  edit: 'message.edited',
  delete: 'message.deleted',
  reaction: 'message.reacted',
  custom: 'event.published',
  moderation: 'room.moderated',
};

/** Its methods cost next to nothing where no endpoint wants to know, never throw, and wait for nobody. */
export class Webhooks {
  readonly #endpoints: readonly Endpoint[];
  readonly #parts: WebhookParts;
  readonly #told = new Set<string>();
  /** Names what has no offset: this process, and how many there were. */
  readonly #process = randomBytes(12).toString('base64url');
  #count = 0;

  constructor(endpoints: readonly WebhookOptions[], parts: WebhookParts) {
    this.#parts = parts;
    const { random = Math.random, setTimer = startTimer } = parts;
    this.#endpoints = endpoints.map((options) => new Endpoint(options, { ...parts, random, setTimer }));
  }

  /** Deliveries that are not settled yet, over all endpoints. */
  get waiting(): number {
    return this.#endpoints.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** A draft was stored by this relay. One that was stored before, under the same key, is told once. */
  published(room: string, { body, from, key }: Draft, { position, at }: Extract<PublishOutcome, { readonly ok: true }>): void {
    const wanting = this.#wanting('message', room);
    if (wanting.length === 0) return;
    const { epoch, offset } = position;
    const seed = `${epoch} ${offset} ${room}`;
    if (!this.#isNews(seed)) return;
    const { json } = storeEvent({ offset, at, from, key }, body);
    const data = `{"room":${JSON.stringify(room)},"epoch":${JSON.stringify(epoch)},"event":${json}}`;
    this.#tell(wanting, room, seed, bodyOf(TYPES[body.type], at, data));
  }

  /** A member came into the room, who was there on no relay. */
  joined(room: string, member: Member): void {
    this.#happened('join', room, 'member.joined', member);
  }

  /** A member's last connection has left the room. */
  left(room: string, member: Member): void {
    this.#happened('leave', room, 'member.left', member);
  }

  /** The last member has left the room. */
  emptied(room: string): void {
    this.#happened('room-empty', room, 'room.emptied', undefined);
  }

  /** Sends what can be sent at once, for 5 s at most, and ends. What backs off after a failure is lost. */
  async close(): Promise<void> {
    const lost = await Promise.all(this.#endpoints.map((endpoint) => endpoint.close(GRACE_MS)));
    const count = lost.reduce((sum, each) => sum + each, 0);
    if (count > 0) this.#parts.log.warn({ count }, 'webhooks were not delivered before the end');
  }

  #happened(event: WebhookEvent, room: string, type: string, member: Member | undefined): void {
    const wanting = this.#wanting(event, room);
    if (wanting.length === 0) return;
    const data = JSON.stringify({ room, ...(member && { member }) });
    this.#tell(wanting, room, `${this.#process} ${this.#count++}`, bodyOf(type, this.#parts.now(), data));
  }

  #wanting(event: WebhookEvent, room: string): readonly Endpoint[] {
    return this.#endpoints.filter((endpoint) => endpoint.wants(event, room));
  }

  #tell(endpoints: readonly Endpoint[], room: string, seed: string, body: string): void {
    for (const endpoint of endpoints) endpoint.offer({ seed, room, body });
  }

  #isNews(seed: string): boolean {
    if (this.#told.has(seed)) return false;
    this.#told.add(seed);
    const [oldest] = this.#told;
    if (this.#told.size > MAX_TOLD && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}

function bodyOf(type: string, at: number, data: string): string {
  return `{"type":"${type}","timestamp":"${new Date(at).toISOString()}","data":${data}}`;
}

function startTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
