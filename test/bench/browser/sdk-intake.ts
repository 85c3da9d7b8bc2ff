// What it costs the SDK to take messages in, without sockets: each comes as a frame of its own, in a task of its own.
import type { Environment, OpenTransport, TransportHandlers } from '@chat-room/sdk';
import { ChatClient } from '@chat-room/sdk';
import type { ClientFrame, ServerFrame } from '@chat-room/sdk/protocol';

const ROOM = 'bench';
const EPOCH = 'e1';

export interface Intake {
  /** Microseconds of processor time of the whole process. */
  readonly usPerMessage: number;
}

/** Takes in so many messages, one by one, for a program that hears of each. */
export async function measureIntake(messages: number): Promise<Intake> {
  let handlers: TransportHandlers | undefined;
  const push = (frame: ServerFrame): void => handlers?.message(JSON.stringify(frame));
  const answer = (frame: ClientFrame): void => {
    const reply = replyTo(frame);
    if (reply) queueMicrotask(() => push(reply));
  };
  const client = new ChatClient({
    url: 'ws://127.0.0.1/ws',
    environment: environmentWith((_url, to) => {
      handlers = to;
      queueMicrotask(() => to.opened());
      return { send: (text) => answer(JSON.parse(text) as ClientFrame), close: () => undefined };
    }),
  });
  const room = client.room(ROOM);
  let seen = 0;
  room.on('message', () => seen++);
  await room.join();
  const before = process.cpuUsage();
  for (let offset = 1; offset <= messages; offset++) {
    push({ type: 'events', room: ROOM, events: [eventAt(offset)] });
    await new Promise(setImmediate);
  }
  const { user, system } = process.cpuUsage(before);
  await client.close();
  if (seen !== messages) throw new Error(`The SDK showed ${seen} of ${messages} messages.`);
  return { usPerMessage: (user + system) / messages };
}

function eventAt(offset: number): Extract<ServerFrame, { readonly type: 'events' }>['events'][number] {
  const from = { id: `m${offset % 50}`, name: `Member ${offset % 50}` };
  return { type: 'message', offset, at: 1_700_000_000_000 + offset, from, key: `k${offset}`, text: `Message ${offset} of many` };
}

/** What a relay says to a client that connects and joins an empty room. */
function replyTo(frame: ClientFrame): ServerFrame | undefined {
  if (frame.type === 'connect') {
    return { type: 'connected', id: frame.id, version: 1, member: { id: 'me', name: 'Me' }, channel: 'c', pingMs: 600_000 };
  }
  if (frame.type !== 'join') return undefined;
  return {
    type: 'joined',
    id: frame.id,
    room: ROOM,
    position: { epoch: EPOCH, offset: 0 },
    start: 1,
    recovery: { outcome: 'fresh' },
    events: [],
    presence: { scope: 'all', version: 1, members: [] },
    reads: {},
    settings: { slowModeMs: 0, you: { write: true, moderate: false } },
  };
}

function environmentWith(openTransport: OpenTransport): Environment {
  return {
    clock: {
      now: Date.now,
      setTimer: (run, ms) => setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    lifecycle: { isHidden: () => false, listen: () => () => undefined },
    openTransport,
    random: Math.random,
    newKey: () => crypto.randomUUID(),
  };
}
