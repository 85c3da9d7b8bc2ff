import { ChatError } from '../errors.ts';
import type { HistoryPage } from '../types.ts';
import { messageId } from './fold.ts';
import type { HistoryReply, RoomHost } from './host.ts';
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

  constructor(host: RoomHost, room: string, timeline: Timeline) {
    this.#host = host;
    this.#room = room;
    this.#timeline = timeline;
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
      const timeline = this.#timeline;
      const { first } = timeline;
      const { position, start, events } = await this.#ask({ before: first, limit });
      const { epoch } = position;
      const isSame = epoch === timeline.epoch && first === timeline.first;
      const fits = isSame && (events.length === 0 || timeline.prepend(events, this.#host.member?.id));
      if (!fits) throw new ChatError('epoch_changed', 'rejoin', 'The timeline started anew.');
      timeline.logStart = events.length > 0 ? start : first; // an empty page: there is nothing before
      const messages = events.flatMap(({ offset }) => timeline.find(messageId(epoch, offset)) ?? []);
      if (messages.length > 0 || timeline.atStart) return { messages, atStart: timeline.atStart };
    }
  }

  #ask({ signal, ...range }: HistoryOptions): Promise<HistoryReply> {
    const { epoch } = this.#timeline;
    const request = { type: 'history' as const, room: this.#room, ...(epoch !== '' && { epoch }), ...range };
    return this.#host.readHistory(request, signal);
  }
}
