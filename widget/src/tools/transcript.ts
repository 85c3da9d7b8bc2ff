import type { Message } from '@chat-room/sdk';
import type { RoomHandle } from '../connection/room-handle.ts';
import { readBackwards } from './whole-log.ts';

/** A hundred thousand events: some megabytes of text. */
const MAX_PAGES = 500;

/** The whole log as text, oldest first, and how many messages it holds. */
export async function transcript(room: RoomHandle, moment: (at: number) => string): Promise<{ text: string; count: number }> {
  const lines: string[] = [];
  for await (const page of readBackwards(room, MAX_PAGES, new AbortController().signal)) {
    lines.push(...page.filter((one) => one.deletedAt === undefined && one.notice === undefined).map((one) => line(one, moment)));
  }
  return { text: `${lines.reverse().join('\n')}\n`, count: lines.length };
}

function line({ at, from, text }: Message, moment: (at: number) => string): string {
  return `[${moment(at)}] ${from.name}: ${text.replaceAll('\n', '\n    ')}`;
}

/** Hands a text to the person as a file. */
export function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read it only after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
