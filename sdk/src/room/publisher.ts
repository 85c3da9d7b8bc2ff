// Sends what is to be stored, and shows one's own messages at once.

import { ChatError } from '../errors.ts';
import type { EventBody, FrameOf, Reply } from '../protocol/index.ts';
import type { Receipt } from '../types.ts';
import { echoOf, messageId } from './fold.ts';
import type { RoomHost } from './host.ts';
import type { Membership } from './membership.ts';
import type { Timeline } from './timeline.ts';

export interface PublishOptions {
  /** Idempotency key: the same key with the same content is stored once, however often it is sent. Default: a new one. */
  readonly key?: string;
  /** Aborting it gives the event up, unless the relay has stored it. */
  readonly signal?: AbortSignal;
}

interface Draft {
  readonly body: EventBody;
  readonly epoch: string | undefined;
}

export class Publisher {
  readonly #host: RoomHost;
  readonly #room: string;
  readonly #timeline: Timeline;
  readonly #membership: Membership;
  /** Messages that are shown, but not stored. By key. */
  readonly #drafts = new Map<string, Draft>();

  constructor(host: RoomHost, room: string, timeline: Timeline, membership: Membership) {
    this.#host = host;
    this.#room = room;
    this.#timeline = timeline;
    this.#membership = membership;
  }

  /** Publishes a message and shows it at once. */
  send(body: FrameOf<EventBody, 'message'>, epoch: string | undefined, options: PublishOptions): Promise<Receipt> {
    const { environment, member, name } = this.#host;
    const key = options.key ?? environment.newKey();
    const from = member ?? { id: '', name };
    const at = environment.clock.now();
    this.#timeline.echo(key, echoOf(body, { room: this.#room, epoch: epoch ?? '', key, from, at }));
    const draft = { body, epoch };
    this.#drafts.set(key, draft);
    return this.#publish(key, draft, options.signal);
  }

  /** Publishes what is not shown before it is stored. */
  publish(body: EventBody, epoch: string | undefined, options: PublishOptions = {}): Promise<Receipt> {
    return this.#publish(options.key ?? this.#host.environment.newKey(), { body, epoch }, options.signal);
  }

  /** Sends a message that failed once more, with its key: were it stored after all, it would be so only once. */
  retry(id: string): Promise<Receipt> {
    const [key, draft] = this.#failed(id);
    if (draft === undefined) return Promise.reject(notFound());
    this.#timeline.deliver(key, { state: 'sending' });
    return this.#publish(key, draft);
  }

  /** Takes a message away that failed. */
  discard(id: string): void {
    const [key, draft] = this.#failed(id);
    if (draft) this.#forget(key);
  }

  #failed(id: string): [string, Draft | undefined] {
    const message = this.#timeline.find(id);
    const key = message?.key ?? '';
    return [key, message?.delivery.state === 'failed' ? this.#drafts.get(key) : undefined];
  }

  #forget(key: string): void {
    this.#drafts.delete(key);
    this.#timeline.discard(key);
  }

  #publish(key: string, { body: event, epoch }: Draft, signal?: AbortSignal): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        withdraw();
        this.#forget(key);
        reject(signal?.reason);
      };
      let withdraw = (): void => undefined;
      if (signal?.aborted) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort);
      withdraw = this.#host.publish({ room: this.#room, key, event, ...(epoch !== undefined && { epoch }) }, (answer) => {
        signal?.removeEventListener('abort', onAbort);
        if (answer instanceof ChatError) reject(this.#fail(key, answer));
        else if (answer.type === 'published') resolve(this.#store(key, answer));
      });
    });
  }

  #store(key: string, { position, at }: FrameOf<Reply, 'published'>): Receipt {
    const { epoch, offset } = position;
    this.#drafts.delete(key);
    this.#timeline.deliver(key, { state: 'stored', offset }, position, at);
    // Where nobody is in the room, no log will take the echo's place: it would stay for ever.
    if (!this.#membership.isWanted) this.#timeline.discard(key);
    return { id: messageId(epoch, offset), offset, at, position };
  }

  #fail(key: string, error: ChatError): ChatError {
    this.#timeline.deliver(key, { state: 'failed', error });
    if (error.action === 'rejoin') this.#membership.run({ type: 'stale' });
    return error;
  }
}

/** The id names no message that could be meant. */
export function notFound(): ChatError {
  return new ChatError('not_found', 'fix', 'No such message.');
}
