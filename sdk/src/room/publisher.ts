// Sends what is to be stored, and shows one's own messages at once.

import { ChatError } from '../errors.ts';
import type { EventBody, FrameOf, ServerFrame } from '../protocol/index.ts';
import type { PublishOptions, Receipt } from '../types.ts';
import { echoOf, messageId } from './fold.ts';
import type { RoomHost } from './host.ts';
import type { Membership } from './membership.ts';
import type { Timeline } from './timeline.ts';

/** What is sent: `epoch` is that of the offsets in it. */
interface Draft {
  readonly event: EventBody;
  readonly epoch?: string;
}

export class Publisher {
  readonly #host: RoomHost;
  readonly #timeline: Timeline;
  readonly #membership: Membership;
  /** Messages that are shown, but not stored. By key. */
  readonly #drafts = new Map<string, Draft>();

  constructor(host: RoomHost, timeline: Timeline, membership: Membership) {
    this.#host = host;
    this.#timeline = timeline;
    this.#membership = membership;
  }

  /** Publishes an event, and shows it at once if it is a message. */
  publish(draft: Draft, { key = this.#host.environment.newKey(), signal }: PublishOptions = {}): Promise<Receipt> {
    const { environment, member, identity } = this.#host;
    const { event, epoch = '' } = draft;
    if (event.type === 'message') {
      const from = member ?? { id: '', name: identity.name };
      const at = environment.clock.now();
      this.#drafts.set(key, draft);
      this.#timeline.echo(key, echoOf(event, epoch, { key, room: this.#timeline.room, from, at }));
    }
    return this.#send(key, draft, signal);
  }

  /** Sends a message once more that failed, with its key: were it stored after all, it would be so only once. */
  async retry(id: string): Promise<Receipt> {
    const [key, draft] = this.#failed(id);
    if (draft === undefined) throw notFound();
    this.#timeline.deliver(key, { state: 'sending' });
    return this.#send(key, draft);
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

  async #send(key: string, draft: Draft, signal?: AbortSignal): Promise<Receipt> {
    const { room } = this.#timeline;
    try {
      const reply = await this.#host.request({ type: 'publish', room, key, ...draft }, signal);
      return this.#store(key, reply as FrameOf<ServerFrame, 'published'>); // FRM2: the reply to this request
    } catch (error) {
      if (error instanceof ChatError) this.#fail(key, error);
      else this.#forget(key); // the signal's own reason
      throw error;
    }
  }

  #store(key: string, { position, at }: FrameOf<ServerFrame, 'published'>): Receipt {
    const { epoch, offset } = position;
    this.#drafts.delete(key);
    this.#timeline.deliver(key, { state: 'stored', offset }, position, at);
    // Where nobody is in the room, no log will take the echo's place: it would stay for ever.
    if (!this.#membership.isWanted) this.#timeline.discard(key);
    return { id: messageId(epoch, offset), offset, at, position };
  }

  #fail(key: string, error: ChatError): void {
    this.#timeline.deliver(key, { state: 'failed', error });
    if (error.action === 'rejoin') this.#membership.run({ type: 'stale' });
  }
}

/** The id names no message that could be meant. */
export function notFound(): ChatError {
  return new ChatError('not_found', 'fix');
}
