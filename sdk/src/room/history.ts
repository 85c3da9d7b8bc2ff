// Pages of the log, for the application or to extend the timeline.

import { ChatError } from '../errors.ts';
import type { FrameOf, ServerFrame } from '../protocol/index.ts';
import type { HistoryOptions, HistoryPage } from '../types.ts';
import type { RoomHost } from './host.ts';
import type { Timeline } from './timeline.ts';

/** Reads a page, and leaves the timeline as it is. */
export async function readHistory(host: RoomHost, timeline: Timeline, options: HistoryOptions): Promise<HistoryPage> {
  const { position, start, events } = await ask(host, timeline, options);
  const first = events[0]?.offset;
  return { messages: timeline.view(position.epoch, events), first, atStart: (first ?? start) <= start };
}

/** Extends the timeline backwards until it has a message more, or all. */
export async function extendTimeline(host: RoomHost, timeline: Timeline, limit: number): Promise<HistoryPage> {
  for (;;) {
    const { first } = timeline;
    const { position, start, events } = await ask(host, timeline, { before: first, limit });
    const isSame = position.epoch === timeline.epoch && first === timeline.first;
    const fits = isSame && (events.length === 0 || timeline.prepend(events));
    if (!fits) throw new ChatError('epoch_changed', 'rejoin'); // the timeline started anew meanwhile
    timeline.logStart = events.length > 0 ? start : first; // an empty page: there is nothing before
    const messages = timeline.view(position.epoch, events);
    const { atStart } = timeline;
    if (messages.length > 0 || atStart) return { messages, first: timeline.first, atStart };
  }
}

async function ask(
  host: RoomHost,
  { room, epoch }: Timeline,
  { signal, ...range }: HistoryOptions,
): Promise<FrameOf<ServerFrame, 'history'>> {
  const reply = await host.request({ type: 'history', room, ...(epoch !== '' && { epoch }), ...range }, signal);
  return reply as FrameOf<ServerFrame, 'history'>; // FRM2: the reply to this request
}
