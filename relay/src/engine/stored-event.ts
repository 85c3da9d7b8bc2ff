import type { EventBody, EventHead, Member, RoomEvent } from '@chat-room/sdk/protocol';
import type { StoredEvent } from './engine.ts';

/** Members as JSON: one says many things, and the object that stands for them lives as long as their connection. */
const encodedMembers = new WeakMap<Member, string>();

type Body = EventBody | { readonly type: 'redacted'; readonly was: 'message' | 'edit' };

/** Encodes an event once, for the disk and for every reader. */
export function storeEvent(head: EventHead, body: Body): StoredEvent {
  const { offset, at, from, key } = head;
  const json = `{"offset":${offset},"at":${at},"from":${encodeMember(from)},"key":${JSON.stringify(key)},${encodeBody(body)}`;
  return { offset, at, type: body.type, author: from.id, json, bytes: Buffer.byteLength(json) };
}

/** The fields of a body, and the brace that ends it. A message that is nothing but text is what a busy relay stores most. */
function encodeBody(body: Body): string {
  if (body.type === 'message' && body.replyTo === undefined && body.data === undefined)
    return `"type":"message","text":${JSON.stringify(body.text)}}`;
  return JSON.stringify(body).slice(1);
}

function encodeMember(member: Member): string {
  let json = encodedMembers.get(member);
  if (json === undefined) {
    json = JSON.stringify(member);
    encodedMembers.set(member, json);
  }
  return json;
}

/** Reads back what `storeEvent` wrote. The text comes from our own store: it is trusted. */
export function parseEvent(json: string): StoredEvent {
  const event = JSON.parse(json) as RoomEvent;
  return {
    offset: event.offset,
    at: event.at,
    type: event.type,
    author: event.from.id,
    json,
    bytes: Buffer.byteLength(json),
  };
}

/** What stays of a deleted message or of an edit of it: offset, time, author and key, and nothing that was said. */
export function redact(event: StoredEvent): StoredEvent {
  const { offset, at, from, key, type } = JSON.parse(event.json) as RoomEvent;
  if (type !== 'message' && type !== 'edit') return event;
  return storeEvent({ offset, at, from, key }, { type: 'redacted', was: type });
}

/** True where `event` says what `body` says: the same publish again, not another under a used key. */
export function isSameBody(event: StoredEvent, body: EventBody): boolean {
  const { offset: _offset, at: _at, from: _from, key: _key, ...stored } = JSON.parse(event.json) as RoomEvent;
  // What was redacted can't be compared any more; its key still stands for it.
  return stored.type === 'redacted' || JSON.stringify(stored) === JSON.stringify(body);
}

/** The text of a message. It is read when it is asked for, since few ask: kept beside the JSON it would be half as much again. */
export function textOf(json: string): string {
  return (JSON.parse(json) as { readonly text: string }).text;
}

/** The offset that an edit or a deletion refers to. */
export function targetOf(json: string): number {
  return (JSON.parse(json) as { readonly target: number }).target;
}
