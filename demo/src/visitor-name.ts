import { isName, MAX_NAME_LENGTH } from '@chat-room/sdk/protocol';
import { recall, remember } from './storage.ts';

const KEY = 'chat-room.name';

/** The name that the visitor chose in this browser, if any. */
export function visitorName(): string | undefined {
  return toVisitorName(recall(KEY) ?? '');
}

/** The name in `#name=…`, with which a chat of another page opens this one in a window of its own. */
export function nameOfHash(hash: string): string | undefined {
  return toVisitorName(new URLSearchParams(hash.slice(1)).get('name') ?? '');
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
