// Turns the messages of a window into what is drawn: days, and in them rows that know their place in a group.
import type { Message } from '@chat-room/sdk';
import { startOfDay } from '../text/formats.ts';
import type { RowWindow } from './row-window.ts';

/** Messages of one author stay together this long. */
export const GROUP_MS = 300_000;

export interface MessageRow {
  readonly message: Message;
  /** It opens a group: name, time and avatar stand with it. */
  readonly first: boolean;
  readonly last: boolean;
  /** Whoever reads on after a pause starts here. */
  readonly unread: boolean;
  /** The message it answers; undefined where that is not loaded. */
  readonly quoted: Message | undefined;
}

export interface DayRows {
  readonly key: string;
  readonly at: number;
  readonly rows: readonly MessageRow[];
}

/** `unreadKey` names the first message that the reader has not seen. */
export function layOut(messages: readonly Message[], window: RowWindow, unreadKey?: string): DayRows[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const days: { key: string; at: number; rows: MessageRow[] }[] = [];
  for (let i = window.start; i < window.end; i++) {
    const message = messages[i];
    if (message === undefined) continue;
    const at = startOfDay(message.at);
    let day = days.at(-1);
    if (day?.at !== at) {
      // Clocks differ: a day may come twice, and each needs a key of its own.
      day = { key: `${at}:${days.filter((other) => other.at === at).length}`, at, rows: [] };
      days.push(day);
    }
    day.rows.push({
      message,
      unread: message.key === unreadKey,
      first: message.key === unreadKey || !isTogether(messages[i - 1], message),
      last: messages[i + 1]?.key === unreadKey || !isTogether(message, messages[i + 1]),
      quoted: message.replyTo === undefined ? undefined : byId.get(message.replyTo),
    });
  }
  return days;
}

function isTogether(earlier: Message | undefined, later: Message | undefined): boolean {
  if (earlier === undefined || later === undefined) return false;
  return (
    earlier.from.id === later.from.id &&
    earlier.own === later.own &&
    Math.abs(later.at - earlier.at) < GROUP_MS &&
    startOfDay(earlier.at) === startOfDay(later.at)
  );
}
