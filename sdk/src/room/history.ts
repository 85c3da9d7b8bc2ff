import { ChatError } from '../errors.ts';
import type { FrameOf, Reply } from '../protocol/index.ts';
import type { HistoryPage } from '../types.ts';
import { messageId } from './fold.ts';
import type { RoomHost } from './host.ts';
import type { Timeline } from './timeline.ts';

export interface HistoryOptions {
  /** The messages right below this offset. */
  readonly before?: number;
  /** The messages right above this offset. */
  readonly after?: number;
  /** Events to read, at most 200. Default 50. Not each of them is a message. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_PAGE = 50;

/** Reads pages of the log, for the application or to extend the timeline. */
export class HistoryReader {
  readonly #host: RoomHost;
  readonly #room: string;
  readonly #timeline: Timeline;
  #extending: Promise<HistoryPage> | undefined;
  /** The lowest offset that the log held when it was last looked at. */
  logStart = 1;

  constructor(host: RoomHost, room: string, timeline: Timeline) {
    this.#host = host;
    this.#room = room;
    this.#timeline = timeline;
  }

  /** True where the log holds nothing before the timeline. */
  get atStart(): boolean {
    return this.#timeline.first <= this.logStart;
  }

  async read(options: HistoryOptions): Promise<HistoryPage> {
    const { position, start, events } = await this.#ask(options);
    const messages = this.#timeline.view(position.epoch, events, this.#host.member?.id);
    return { messages, atStart: (events[0]?.offset ?? start) <= start };
  }

  /** Extends the timeline backwards until it has a message more, or all. Calls that overlap share one result. */
  extend(limit: number = DEFAULT_PAGE): Promise<HistoryPage> {
    this.#extending ??= this.#extend(limit).finally(() => {
      this.#extending = undefined;
    });
    return this.#extending;
  }

  async #extend(limit: number): Promise<HistoryPage> {
    for (;;) {
      const { first } = this.#timeline;
      const { position, start, events } = await this.#ask({ before: first, limit });
      const { epoch } = position;
      if (epoch !== this.#timeline.epoch || first !== this.#timeline.first) {
        throw new ChatError('epoch_changed', 'rejoin', 'The timeline started anew meanwhile.');
      }
      this.logStart = events.length > 0 ? start : first; // an empty page: there is nothing before
      if (events.length > 0 && !this.#timeline.prepend(events, this.#host.member?.id)) {
        throw new ChatError('internal', 'retry', 'The page does not reach up to the timeline.');
      }
      const messages = events.flatMap(({ offset }) => this.#timeline.find(messageId(epoch, offset)) ?? []);
      if (messages.length > 0 || this.atStart) return { messages, atStart: this.atStart };
    }
  }

  #ask({ signal, ...range }: HistoryOptions): Promise<FrameOf<Reply, 'history'>> {
    const { epoch } = this.#timeline;
    const request = { type: 'history' as const, room: this.#room, ...(epoch !== '' && { epoch }), ...range };
    return this.#host.request(request, 'history', signal);
  }
}
