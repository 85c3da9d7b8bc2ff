import type { EventBody } from '@chat-room/sdk/protocol';
import { MAX_ATTACHMENTS } from '@chat-room/sdk/protocol';
import { isFileId } from './file-id.ts';

const FILE_URL = /^\/files\/([\w-]+)\/[^/?#]+$/;

/** Ids of the files that an event refers to in `data.attachments`. What is malformed there refers to nothing. */
export function referencesOf(body: EventBody): readonly string[] {
  if (body.type !== 'message') return [];
  const attachments = fieldOf(body.data, 'attachments');
  if (!Array.isArray(attachments)) return [];
  const ids = attachments.slice(0, MAX_ATTACHMENTS).map((attachment) => {
    const url = fieldOf(attachment, 'url');
    return typeof url === 'string' ? FILE_URL.exec(url)?.[1] : undefined;
  });
  return [...new Set(ids.filter((id): id is string => id !== undefined && isFileId(id)))];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
