// Pages of the log, for the application or to extend the timeline.

import { ChatError } from '../errors.ts';
import type { FrameOf, RoomEvent, ServerFrame } from '../protocol/index.ts';
import type { CustomEventMessage, HistoryOptions, HistoryPage } from '../types.ts';
import type { RoomHost } from './host.ts';
import type { Timeline } from './timeline.ts';

type Page = FrameOf<ServerFrame, 'history'>;
type CustomEvent = Extract<RoomEvent, { readonly type: 'custom' }>;

/** Reads a page. The timeline stays as it is, but for what `use` does with it. */
export async function readHistory(
  host: RoomHost,
  timeline: Timeline,
  { signal, ...range }: HistoryOptions,
  use?: (page: Page) => void,
): Promise<HistoryPage> {
  const { room, epoch } = timeline;
  const request = { type: 'history', room, ...(epoch !== '' && { epoch }), ...range } as const;
  const page = (await host.request(request, signal)) as Page; // FRM2: the reply to this request
  timeline.epoch ||= page.position.epoch; // nobody has joined yet
  // Or the timeline has become another log's while the page was on its way.
  if (timeline.epoch !== page.position.epoch) throw new ChatError('epoch_changed', 'rejoin');
  use?.(page);
  const { start, events } = page;
  const first = events[0]?.offset;
  return {
    messages: timeline.view(events),
    events: events.filter((event) => event.type === 'custom').map((event) => toCustomEvent(room, event)),
    first,
    atStart: (first ?? start) <= start,
  };
}

/** A stored custom event as the application sees it. */
export function toCustomEvent(room: string, { type: _, key: __, ...event }: CustomEvent): CustomEventMessage {
  return { ...event, room };
}

/** Extends the timeline backwards until it has a message more, or all. */
export async function extendTimeline(host: RoomHost, timeline: Timeline, limit: number): Promise<HistoryPage> {
  for (;;) {
    const { first } = timeline;
    const page = await readHistory(host, timeline, { before: first, limit }, ({ start, events }) => {
      if (first !== timeline.first || !timeline.prepend(events, start)) throw new ChatError('epoch_changed', 'rejoin');
    });
    if (page.messages.length > 0 || page.atStart) return page;
  }
}
