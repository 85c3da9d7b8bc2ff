import { isName, MAX_NAME_LENGTH } from '@chat-room/sdk/protocol';
import { recall, remember } from './storage.ts';

const KEY = 'chat-room.name';

/** The name that the visitor chose in this browser, if any. */
export function visitorName(): string | undefined {
  return toVisitorName(recall(KEY) ?? '');
}

/** Keeps a chosen name; one that is empty or not valid means that the relay picks one. */
export function rememberVisitorName(text: string): void {
  remember(KEY, toVisitorName(text));
}

/** The name that `text` spells, or undefined where it spells none. */
function toVisitorName(text: string): string | undefined {
  const name = text.trim();
  return isName(name, MAX_NAME_LENGTH) ? name : undefined;
}
