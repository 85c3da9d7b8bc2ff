// Who lives in a soak. Each life goes on until it is all over, and leaves nothing behind.
import { ChatClient, type Room } from '@chat-room/sdk';
import { uploadFile } from '@chat-room/sdk/upload';
import { WebSocket } from 'ws';
import { RawSocket } from '../support/raw-socket.ts';
import type { World } from './world.ts';

const TYPING_MS = [1_000, 3_000] as const;
const BETWEEN_ACTS_MS = [1_000, 6_000] as const;
const BETWEEN_LIVES_MS = [500, 5_000] as const;

export type Life = (world: World) => Promise<void>;

/** Somebody with the SDK: comes, talks in a few rooms, goes, comes back as somebody else. */
export async function person(world: World): Promise<void> {
  while (!world.isOver) {
    const client = new ChatClient({ url: world.url(), user: { name: `Person ${world.random.below(10_000)}` } });
    const rooms = Array.from({ length: 1 + world.random.below(3) }, () => client.room(world.roomName()));
    for (const room of rooms) await world.attempt('join', () => withinLife(world, room.join({ recent: 20 })));
    for (let acts = 5 + world.random.below(30); acts > 0 && !world.isOver; acts--) {
      await act(world, world.random.pick(rooms));
      await world.rest(...BETWEEN_ACTS_MS);
    }
    await world.attempt('client closed', () => client.close());
    await world.rest(...BETWEEN_LIVES_MS);
  }
}

async function act(world: World, room: Room): Promise<void> {
  const { random } = world;
  const last = room.timeline.findLast(({ delivery }) => delivery.state === 'stored');
  switch (random.below(10)) {
    case 0:
      return last && world.attempt('reaction', () => withinLife(world, room.react(last.id, random.pick(['👍', '🎉', '❤️']))));
    case 1:
      return world.attempt('history', () => withinLife(world, room.history({ limit: 50 })));
    case 2:
      return last?.delivery.state === 'stored' ? room.markRead(last.delivery.offset) : undefined;
    case 3:
      return world.attempt('ephemeral', () =>
        withinLife(world, room.publish('cursor', { x: random.below(100) }, { ephemeral: true })),
      );
    case 4:
      return sendFile(world, room);
    case 5:
      await world.attempt('left', () => withinLife(world, room.leave()));
      return world.attempt('joined again', () => withinLife(world, room.join({ recent: 5 })));
    default:
      room.setTyping(true);
      await world.rest(...TYPING_MS);
      return world.attempt('sent', () => withinLife(world, room.send(`Something to say: ${'word '.repeat(random.below(60))}.`)));
  }
}

async function sendFile(world: World, room: Room): Promise<void> {
  const { random, relay } = world;
  const file = new Blob(['A line of notes.\n'.repeat(1 + random.below(1_000))], { type: 'text/plain' });
  await world.attempt('file', async () => {
    const baseUrl = relay.process.http;
    const attachment = await withinLife(world, uploadFile(room, file, { name: 'notes.txt', baseUrl }));
    if (attachment && random.chance(0.8))
      await withinLife(world, room.send('a file', { data: { attachments: [{ ...attachment }] } }));
  });
}

/** What is under way when it is all over is not waited for: its client is closed. */
async function withinLife<T>(world: World, work: Promise<T>): Promise<T | undefined> {
  work.catch(() => undefined); // rejected by the close, when nobody waits any more
  while (!world.isOver) {
    const done = await Promise.race([work.then((value) => ({ value })), world.rest(200, 400).then(() => undefined)]);
    if (done) return done.value;
  }
  return undefined;
}

/** Any WebSocket client, without the SDK. */
export async function plainPerson(world: World): Promise<void> {
  while (!world.isOver) {
    const url = `ws://127.0.0.1:${world.relay.process.port}/ws/chat/${encodeURIComponent(world.roomName())}/?name=Plain`;
    const socket = new WebSocket(url);
    socket.on('error', () => world.count('plain: connection failed'));
    socket.on('open', () => world.count('plain: connected'));
    for (let acts = 3 + world.random.below(10); acts > 0 && !world.isOver; acts--) {
      await world.rest(...BETWEEN_ACTS_MS);
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ message: `plain words ${acts}` }));
    }
    if (world.random.chance(0.5)) socket.close();
    else socket.terminate();
    await world.rest(...BETWEEN_LIVES_MS);
  }
}

/** Somebody who joins, and then reads nothing for a while; who reads at last, or is gone. */
export async function slowReader(world: World): Promise<void> {
  while (!world.isOver) {
    const socket = await RawSocket.open(world.relay.process.port, '/ws', { 'sec-websocket-protocol': 'chat-room.v1' });
    await socket.send('{"type":"connect","id":1,"version":1}');
    await socket.send(JSON.stringify({ type: 'join', id: 2, room: world.roomName(), recent: 50 }));
    socket.pause();
    await world.rest(5_000, 30_000);
    socket.resume();
    await world.rest(500, 1_000);
    if (world.random.chance(0.5)) socket.destroy();
    else socket.reset();
    world.count('slow reader');
    await world.rest(...BETWEEN_LIVES_MS);
  }
}

/** A server of the application, over the server API. */
export async function server(world: World): Promise<void> {
  const { process: relay, apiKey } = world.relay;
  const ask = async (what: string, path: string, body?: object): Promise<void> => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    await world.attempt(`api: ${what}`, async () => {
      const response = await fetch(`${relay.http}/api/v1${path}`, { ...init, headers });
      await response.text();
      if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
    });
  };
  const user = { id: 'bot', name: 'Bot' };
  while (!world.isOver) {
    const room = encodeURIComponent(world.roomName());
    await ask('publish', `/rooms/${room}/events`, { user, event: { type: 'message', text: 'from the server' } });
    await ask('history', `/rooms/${room}/events?limit=20`);
    await ask('members', `/rooms/${room}/members`);
    await ask('rooms', '/rooms?limit=20');
    await world.rest(...BETWEEN_ACTS_MS);
  }
}

/** The network fails, for everybody behind it at once. */
export async function weather(world: World): Promise<void> {
  while (!world.isOver) {
    await world.rest(15_000, 45_000);
    if (world.isOver) return;
    world.network.cut();
    world.count('network cut');
  }
}
