// Records what the SDK says in a few lives of a client: the corpus that the fuzzer mutates. To be run again when the SDK
// says something new: `npm run fuzz -- --record`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message, Receipt } from '@chat-room/sdk';
import { ChatClient } from '@chat-room/sdk';
import { readSanctions } from '@chat-room/sdk/moderation';
import { uploadFile } from '@chat-room/sdk/upload';
import { Condition } from '../support/condition.ts';
import { ListeningTap } from './listening-tap.ts';
import type { Fillings } from './placeholders.ts';
import { API_KEY, EPOCH, TOKEN } from './placeholders.ts';
import type { FuzzedRelay } from './relay-under-fuzz.ts';

const HEAD = `// Recorded by \`npm run fuzz -- --record\`: what clients of the SDK said, a list of frames for each connection. Not written by hand.

/** What one connection said, in order. */
export type Session = readonly string[];

`;

/** One life of a client: what it is called in the corpus, and what it does. */
type Life = (tap: ListeningTap, relay: FuzzedRelay) => Promise<void>;

const lives: Readonly<Record<string, Life>> = { chat, comeBack, moderate, custom, manyRooms, sendFile };

/** Plays all lives against the relay, and writes the corpus module beside the fuzzer's sources. */
export async function record(relay: FuzzedRelay, root: string): Promise<void> {
  const sessions: string[][] = [];
  for (const live of Object.values(lives)) {
    const tap = await ListeningTap.before(relay.process.port);
    await live(tap, relay);
    sessions.push(...(await tap.close()));
  }
  const texts = sessions.map((session) => session.map((text) => withPlaceholders(text, relay.fillings)));
  const module = `${HEAD}export const SESSIONS: readonly Session[] = ${JSON.stringify(texts, undefined, 2)};\n`;
  writeFileSync(join(root, 'test/fuzz/corpus.ts'), module);
}

function withPlaceholders(text: string, { epoch, token, apiKey }: Fillings): string {
  return text.replaceAll(epoch, EPOCH).replaceAll(token, TOKEN).replaceAll(apiKey, API_KEY);
}

async function chat({ url }: ListeningTap): Promise<void> {
  const client = new ChatClient({ url, user: { name: 'Ada' } });
  const room = client.room('lobby');
  await room.join({ recent: 50 });
  const first = await room.send('Hello, world ✓ 👩‍👩‍👧');
  const second = await room.send('A **reply** to `it`', { replyTo: first.id });
  await room.edit(second.id, 'A better reply');
  await room.react(first.id, '👍');
  await room.unreact(first.id, '👍');
  room.setTyping(true);
  room.markRead(second.offset);
  await room.history({ before: second.offset, limit: 20 });
  await room.delete(second.id);
  room.setTyping(false);
  await client.connect();
  await room.leave();
  await client.close();
}

async function comeBack(tap: ListeningTap): Promise<void> {
  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
  const client = new ChatClient({ url: tap.url, user: { name: 'Grace' }, storage });
  const room = client.room('lobby');
  await room.join();
  await room.send('before the cut');
  tap.cut();
  const kept = new Condition();
  client.on('status', () => kept.changed());
  await kept.until(() => client.status !== 'online' || undefined);
  const sent: Promise<Receipt> = room.send('written while away');
  await sent;
  await client.close();
}

async function moderate({ url }: ListeningTap, { fillings }: FuzzedRelay): Promise<void> {
  const client = new ChatClient({ url, token: fillings.token });
  const room = client.room('lobby');
  await room.join();
  const { offset } = await room.send('to be pinned');
  const member = { id: 'g_somebody', name: 'Somebody' };
  await room.moderate({ type: 'pin', target: offset });
  await room.moderate({ type: 'slowMode', intervalMs: 1_000 });
  await room.moderate({ type: 'mute', member, until: 4_000_000_000_000 });
  await room.moderate({ type: 'ban', member });
  await readSanctions(room, { limit: 10 });
  await room.moderate({ type: 'unmute', member });
  await room.moderate({ type: 'unban', member });
  await room.moderate({ type: 'slowMode', intervalMs: 0 });
  await room.moderate({ type: 'unpin' });
  await client.close();
}

async function custom({ url }: ListeningTap): Promise<void> {
  const client = new ChatClient({ url, user: { name: 'Cursor' } });
  const room = client.room('board/1');
  await room.join();
  await room.publish('move', { from: [1, 2], to: { x: 3.5, y: -1e-7 }, piece: null, isCheck: true });
  await room.publish('cursor', { x: 0.25, y: 0.75 }, { ephemeral: true });
  await client.connect(); // a ping, behind which all of it has been said
  await client.close();
}

async function manyRooms({ url }: ListeningTap): Promise<void> {
  const client = new ChatClient({ url, user: { name: 'Everywhere' } });
  const names = ['大廳', 'https://example.com/a?b=c', 'team-1', 'x'.repeat(200), '👩‍👩‍👧‍👦'];
  for (const name of names) await client.room(name).join();
  for (const name of names) await client.room(name).send(`in ${name}`);
  for (const name of names) await client.room(name).leave();
  await client.close();
}

async function sendFile({ url }: ListeningTap, { process: { http } }: FuzzedRelay): Promise<void> {
  const client = new ChatClient({ url, user: { name: 'Sender' } });
  const room = client.room('lobby');
  await room.join();
  const heard = new Condition();
  let message: Message | undefined;
  room.on('message', (one) => {
    message = one;
    heard.changed();
  });
  const attachment = await uploadFile(room, new Blob(['some notes'], { type: 'text/plain' }), {
    name: 'notes.txt',
    baseUrl: http,
  });
  await room.send('see there', { data: { attachments: [{ ...attachment }] } });
  await heard.until(() => message);
  await client.close();
}
