// What is wrong with what a server of the user's own wants published or sent. The decoder of the protocol is asked, so that every
// bound is the one that clients have. What it does not know is refused here: nothing of a request is stored unread.

import type { ClientFrame, EventBody } from '@chat-room/sdk/protocol';
import { decodeClientFrame } from '@chat-room/sdk/protocol';

type Fields = Readonly<Record<string, unknown>>;

const TYPE = /^[a-z][A-Za-z0-9]*$/;

/** What keeps a value from being an event; undefined where it is one. */
export function eventFault(event: unknown): string | undefined {
  return frameFault({ type: 'publish', key: 'key', epoch: 'any', event }, (frame) => {
    if (frame.type !== 'publish') return undefined;
    return strayFault(event as Fields, Object.keys(frame.event)) ?? actionFault(event as Fields, frame.event);
  });
}

/** The same of what is inside a moderator's event. */
function actionFault(fields: Fields, event: EventBody): string | undefined {
  if (event.type !== 'moderation') return undefined;
  const action = fields['action'] as Fields;
  const member = 'member' in event.action ? (action['member'] as Fields) : {};
  return strayFault(action, Object.keys(event.action)) ?? strayFault(member, ['id', 'name']);
}

/** The same of the text of an edit. */
export function editFault(text: string): string | undefined {
  return eventFault({ type: 'edit', target: 1, text });
}

/** What keeps a value from being a layer message that may come from outside; undefined where it is one. */
export function messageFault(message: unknown): string | undefined {
  const { type, ...fields } = message as Fields;
  if (typeof type !== 'string' || !TYPE.test(type)) return 'type: not a lower camel name';
  switch (type) {
    case 'close':
      return 'type: a channel is disconnected by DELETE /channels/{channel}';
    case 'send':
      return sendFault(fields);
    case 'direct':
      return directFault(fields);
    default:
      return undefined;
  }
}

function sendFault({ text, base64 }: Fields): string | undefined {
  const isOne = (text === undefined) !== (base64 === undefined);
  return isOne && typeof (text ?? base64) === 'string' ? undefined : 'send: takes either text or base64';
}

function directFault(fields: Fields): string | undefined {
  const { name, data } = fields;
  return frameFault({ type: 'ephemeral', name, data }, () => strayFault(fields, ['name', 'data']));
}

function frameFault(fields: Fields, faultOf: (frame: ClientFrame) => string | undefined): string | undefined {
  const decoded = decodeClientFrame(JSON.stringify({ ...fields, id: 1, room: 'room' }));
  return decoded.ok ? faultOf(decoded.frame) : decoded.detail;
}

function strayFault(fields: Fields, known: readonly string[]): string | undefined {
  const stray = Object.keys(fields).find((field) => !known.includes(field));
  return stray === undefined ? undefined : `${JSON.stringify(stray)}: unknown`;
}
