// What people see, as a pure function of the log (EVT6): one message from its event and the later events about it.

import type { Position, RoomEvent } from '../protocol/index.ts';
import type { Message, Reaction } from '../types.ts';

/** Where events are seen from. */
export interface Viewpoint {
  readonly room: string;
  readonly epoch: string;
  /** Id of this client's member. */
  readonly me: () => string | undefined;
}

type EventOf<T extends RoomEvent['type']> = Extract<RoomEvent, { readonly type: T }>;

/** An event that changes how an earlier message looks. One that names a later offset changes nothing. */
export type Change = EventOf<'edit' | 'delete' | 'reaction'>;

/** An event that stands in the timeline: a message's, as it was or as its deletion left it, or a moderator's. */
export type Origin = EventOf<'message' | 'redacted' | 'moderation'>;

export function isChange(event: RoomEvent): event is Change {
  return 'target' in event && event.target < event.offset;
}

export function isOrigin(event: RoomEvent): event is Origin {
  return event.type === 'message' || event.type === 'moderation' || (event.type === 'redacted' && event.was === 'message');
}

/** The id of the message at `offset`. */
export function messageId(epoch: string, offset: number): string {
  return `${epoch}:${offset}`;
}

const LOCAL = 'local:';

/** The place that a message's id names, or undefined for one that is not stored. */
export function parseMessageId(id: string): Position | undefined {
  const [, epoch, offset] = /^(?!local:)(.+):(\d+)$/.exec(id) ?? [];
  return epoch === undefined ? undefined : { epoch, offset: Number(offset) };
}

/** A message of one's own before it is stored. */
export function echoOf(body: Text, epoch: string, head: Pick<Message, 'key' | 'room' | 'from' | 'at'>): Message {
  return { id: LOCAL + head.key, ...head, own: true, delivery: { state: 'sending' }, ...contentOf(body, epoch) };
}

/** A stored message before any change to it. `key` is its echo's, where it had one. */
export function toMessage(event: Origin, { room, epoch, me }: Viewpoint, key = messageId(epoch, event.offset)): Message {
  const { offset, at, from } = event;
  const content = event.type === 'redacted' ? deletedContent(at) : contentOf({ text: '', ...event }, epoch);
  return {
    id: messageId(epoch, offset),
    key,
    room,
    from,
    own: from.id === me(),
    at,
    delivery: { state: 'stored', offset },
    notice: event.type === 'moderation' ? event.action : undefined,
    ...content,
  };
}

type Text = Pick<EventOf<'message'>, 'text' | 'data' | 'replyTo'>;
type Content = Pick<Message, 'text' | 'data' | 'replyTo' | 'reactions' | 'editedAt' | 'deletedAt'>;

function contentOf({ text, data, replyTo }: Text, epoch: string): Content {
  return { text, data, replyTo: replyTo === undefined ? replyTo : messageId(epoch, replyTo), reactions: [] };
}

/**
 * What remains is what the relay leaves of it, so that it does not matter who had read it before.
 * For a redacted message `deletedAt` is its own time, until the `delete` event, further on in the log, tells the right one.
 */
function deletedContent(deletedAt: number): Content {
  return { text: '', data: undefined, replyTo: undefined, editedAt: undefined, reactions: [], deletedAt };
}

/** The message after `change`. Changes are applied in the order of the log, and one that is applied twice changes nothing. */
export function applyChange(message: Message, change: Change): Message {
  if (change.type === 'delete') return { ...message, ...deletedContent(change.at) };
  if (message.deletedAt !== undefined) return message;
  if (change.type === 'edit') return { ...message, text: change.text, editedAt: change.at };
  const reactions = react(message.reactions, change);
  return reactions === message.reactions ? message : { ...message, reactions };
}

function react(reactions: readonly Reaction[], { from, reaction, action }: EventOf<'reaction'>): readonly Reaction[] {
  const old = reactions.find((one) => one.reaction === reaction) ?? { reaction, members: [] };
  if (old.members.includes(from.id) === (action === 'add')) return reactions;
  const others = old.members.filter((id) => id !== from.id);
  const changed = { reaction, members: action === 'add' ? [...others, from.id] : others };
  const all = reactions.includes(old) ? reactions.map((one) => (one === old ? changed : one)) : [...reactions, changed];
  return all.filter(({ members }) => members.length > 0);
}
