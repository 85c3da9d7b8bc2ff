// Sends what is to be stored, and shows one's own messages at once.

import { localError } from '../connection/requests.ts';
import type { ChatError } from '../errors.ts';
import { toChatError } from '../errors.ts';
import type { EventBody, FrameOf, Reply } from '../protocol/index.ts';
import type { Receipt } from '../types.ts';
import { echoOf, messageId } from './fold.ts';
import type { RoomHost } from './host.ts';
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
  giveUp?: (reason: unknown) => void;
}

export interface PublisherHooks {
  /** The timeline has changed. */
  changed(): void;
  failed(error: ChatError): void;
  /** True where the log is followed, or about to be. */
  isFollowed(): boolean;
}

export class Publisher {
  readonly #host: RoomHost;
  readonly #room: string;
  readonly #timeline: Timeline;
  readonly #hooks: PublisherHooks;
  /** Messages that are shown, but not stored. By key. */
  readonly #drafts = new Map<string, Draft>();

  constructor(host: RoomHost, room: string, timeline: Timeline, hooks: PublisherHooks) {
    this.#host = host;
    this.#room = room;
    this.#timeline = timeline;
    this.#hooks = hooks;
  }

  /** Publishes a message and shows it at once. */
  send(body: FrameOf<EventBody, 'message'>, epoch: string | undefined, options: PublishOptions): Promise<Receipt> {
    const { environment, member, name } = this.#host;
    const key = options.key ?? environment.newKey();
    const from = member ?? { id: '', name };
    const at = environment.clock.now();
    this.#timeline.echo(key, echoOf(body, { room: this.#room, epoch: epoch ?? '', key, from, at }));
    this.#hooks.changed();
    this.#drafts.set(key, { body, epoch });
    return this.#publish(key, { body, epoch }, options.signal);
  }

  /** Publishes what is not shown before it is stored. */
  publish(body: EventBody, epoch: string | undefined, options: PublishOptions = {}): Promise<Receipt> {
    return this.#publish(options.key ?? this.#host.environment.newKey(), { body, epoch }, options.signal);
  }

  /** Sends a message that failed once more, with its key: were it stored after all, it would be so only once. */
  retry(id: string): Promise<Receipt> {
    const message = this.#timeline.find(id);
    const draft = message && this.#drafts.get(message.key);
    if (message?.delivery.state !== 'failed' || draft === undefined) return Promise.reject(notFound());
    this.#timeline.deliver(message.key, { state: 'sending' });
    this.#hooks.changed();
    return this.#publish(message.key, draft);
  }

  /** Takes back a message that is not stored. */
  discard(id: string): void {
    const key = this.#timeline.find(id)?.key ?? '';
    const draft = this.#drafts.get(key);
    if (draft === undefined) return;
    draft.giveUp?.(toChatError(localError('discarded', 'fix', 'The message was taken back.')));
    this.#forget(key);
  }

  #forget(key: string): void {
    this.#drafts.delete(key);
    this.#timeline.discard(key);
    this.#hooks.changed();
  }

  #publish(key: string, draft: Draft, signal?: AbortSignal): Promise<Receipt> {
    const { body: event, epoch } = draft;
    return new Promise((resolve, reject) => {
      const publish = { room: this.#room, key, event, ...(epoch !== undefined && { epoch }) };
      const giveUp = (reason: unknown): void => {
        withdraw();
        this.#forget(key);
        reject(reason);
      };
      const onAbort = (): void => giveUp(signal?.reason);
      let withdraw = (): void => undefined;
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort);
      const shown = this.#drafts.get(key);
      if (shown) shown.giveUp = giveUp;
      withdraw = this.#host.publish(publish, (reply) => {
        signal?.removeEventListener('abort', onAbort);
        if (reply.type === 'published') resolve(this.#stored(key, reply));
        else reject(this.#failed(key, reply));
      });
    });
  }

  #stored(key: string, { position, at }: FrameOf<Reply, 'published'>): Receipt {
    const { offset } = position;
    this.#drafts.delete(key);
    this.#timeline.deliver(key, { state: 'stored', offset }, { position, at });
    // Where nobody is in the room, no log will take the echo's place: it would stay for ever.
    if (!this.#hooks.isFollowed()) this.#timeline.discard(key);
    this.#hooks.changed();
    return { id: messageId(position.epoch, offset), offset, at, position };
  }

  #failed(key: string, reply: Reply): ChatError {
    const error = toChatError(reply.type === 'error' ? reply : localError('bad_frame', 'fix', `Not an answer: ${reply.type}`));
    const shown = this.#drafts.get(key);
    if (shown) delete shown.giveUp;
    this.#timeline.deliver(key, { state: 'failed', error });
    this.#hooks.changed();
    this.#hooks.failed(error);
    return error;
  }
}

/** The id names no message that could be meant. */
export function notFound(): ChatError {
  return toChatError(localError('not_found', 'fix', 'No message with that id is stored.'));
}
