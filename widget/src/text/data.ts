// What widgets write into the `data` of a message. Anybody may send anything there.
import type { JsonValue, Member, Message } from '@chat-room/sdk';

/** Members that one message may name. */
export const MAX_MENTIONS = 20;

/** Whom a message names, as its sender's widget wrote it into `data`. Anybody may send anything there: what is no member is left out. */
export function mentionsOf({ data }: Pick<Message, 'data'>): readonly Member[] {
  const mentions = isObject(data) ? data['mentions'] : undefined;
  if (!Array.isArray(mentions)) return [];
  return mentions.slice(0, MAX_MENTIONS).flatMap((entry: JsonValue) => {
    if (!isObject(entry)) return [];
    const { id, name } = entry;
    return typeof id === 'string' && typeof name === 'string' && name !== '' ? [{ id, name }] : [];
  });
}

/** True where files go with a message. */
export function hasFiles({ data }: Pick<Message, 'data'>): boolean {
  return isObject(data) && Array.isArray(data['attachments']);
}

/** True where the text only stands in for what goes with it, for those who see nothing but texts. */
export function isFallback({ data }: Pick<Message, 'data'>): boolean {
  return isObject(data) && data['fallback'] === true;
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
