// What each frame of the native protocol does. The table is total: a new frame type without a handler does not compile.

import type { ClientFrame, FrameOf, Member } from '@chat-room/sdk/protocol';
import { encodeFrame, MAX_ROOMS_PER_CONNECTION, MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@chat-room/sdk/protocol';
import type { Authentication, RoomAction } from '../auth/identity.ts';
import type { Page, PageQuery } from '../engine/engine.ts';
import { EngineError } from '../engine/engine.ts';
import { planJoin } from '../room/join.ts';
import type { Room } from '../room/room.ts';
import type { NativeConsumer } from './native-consumer.ts';
import { encodeHistory, encodeJoined, encodePublished } from './replies.ts';

const DEFAULT_PAGE = 50;
const STORE_RETRY_MS = 1_000;

type Handler<T extends ClientFrame['type']> = (
  consumer: NativeConsumer,
  frame: FrameOf<ClientFrame, T>,
  member: Member,
) => Promise<void> | undefined | void;

/** Frames of a connection that has said who it is. */
const handlers: { readonly [T in Exclude<ClientFrame['type'], 'connect'>]: Handler<T> } = {
  join: (consumer, frame, member) => consumer.blocking(() => join(consumer, frame, member)),

  leave(consumer, { id, room: name }) {
    const room = consumer.room(name);
    if (room) consumer.leaveRoom(room);
    consumer.reply({ type: 'ok', id });
  },

  publish(consumer, { id, room, key, event, epoch }, from) {
    if (!permitted(consumer, event.type === 'moderation' ? 'moderate' : 'write', room, id)) return undefined;
    const moderator = consumer.may('moderate', room);
    const draft = epoch === undefined ? { from, key, body: event, moderator } : { from, key, body: event, moderator, epoch };
    return consumer.services.publish(room, draft).then((outcome) => {
      if (!outcome.ok) {
        consumer.refuse(outcome.code, outcome.detail, id, outcome.retryAfterMs);
        return;
      }
      consumer.services.metrics.publishes++;
      consumer.replySoon(encodePublished({ type: 'published', id, room, position: outcome.position, at: outcome.at }));
    });
  },

  async history(consumer, frame, member) {
    if (!permitted(consumer, 'read', frame.room, frame.id)) return;
    const page = await readPage(consumer, frame.room, queryOf(frame), frame.id);
    if (!page || (await isBanned(consumer, frame.room, member, frame.id))) return;
    if (frame.epoch !== undefined && frame.epoch !== page.position.epoch) consumer.refuse('epoch_changed', undefined, frame.id);
    else consumer.replyText(encodeHistory(frame.id, frame.room, page));
  },

  presence(consumer, { id, room: name }) {
    const room = joined(consumer, 'read', name, id);
    if (room) consumer.reply({ type: 'presence', id, room: name, presence: room.presence.snapshot() });
  },

  async sanctions(consumer, { id, room, after, limit = DEFAULT_PAGE }) {
    if (!permitted(consumer, 'moderate', room, id)) return;
    const { rooms, now } = consumer.services;
    try {
      const moderation = await rooms.moderationOf(room);
      consumer.reply({ type: 'sanctions', id, room, ...(moderation?.page(after, limit, now()) ?? { sanctions: [] }) });
    } catch (error) {
      refuseForEngine(consumer, error, id);
    }
  },

  ephemeral(consumer, { id, room: name, name: event, data }, from) {
    const room = joined(consumer, 'write', name, id);
    if (!room) return;
    consumer.services.rooms.tellEverywhere(room, encodeFrame({ type: 'ephemeral', room: name, from, name: event, data }));
    acknowledge(consumer, id);
  },

  typing(consumer, { id, room: name, active }, member) {
    const room = joined(consumer, 'write', name, id);
    if (!room) return;
    consumer.services.rooms.typing(room, member, active);
    acknowledge(consumer, id);
  },

  read(consumer, { id, room: name, position }, member) {
    const room = joined(consumer, 'read', name, id);
    if (!room) return;
    if (position.epoch !== room.position.epoch) {
      consumer.refuse('epoch_changed', undefined, id);
      return;
    }
    room.read(member.id, position.offset);
    consumer.services.rooms.noteNews(room);
    acknowledge(consumer, id);
  },

  refresh: (consumer, frame) => consumer.blocking(() => refresh(consumer, frame)),

  /** Who may write here, and is not muted, gets a ticket; the bytes go another way. */
  upload(consumer, { id, room: name, name: fileName, mediaType, bytes }, { id: member }) {
    if (!joined(consumer, 'write', name, id)) return;
    const answer = consumer.services.files.request({ room: name, member, name: fileName, mediaType, bytes });
    if (answer.ok) consumer.reply({ type: 'upload', id, url: answer.url, ticket: answer.ticket });
    else consumer.refuse(answer.code, answer.detail, id);
  },

  ping: (consumer, { id }) => consumer.reply({ type: 'pong', ...(id !== undefined && { id }) }),
};

/** Does what a frame asks for, at once as far as it can. Throws or rejects only for a fault of ours. */
export function handle(consumer: NativeConsumer, frame: ClientFrame): Promise<void> | undefined {
  if (frame.type === 'connect') {
    if (!consumer.member) return consumer.blocking(() => connect(consumer, frame));
    consumer.refuse('already_connected', undefined, frame.id);
    return undefined;
  }
  if (!consumer.member) {
    consumer.refuse('not_connected', undefined, frame.id);
    return undefined;
  }
  const handler = handlers[frame.type] as Handler<ClientFrame['type']>; // the table's type proves the pairing
  return handler(consumer, frame as never, consumer.member) ?? undefined;
}

async function connect(consumer: NativeConsumer, frame: FrameOf<ClientFrame, 'connect'>): Promise<void> {
  const { id, version, token, resume, user } = frame;
  if (version < MIN_PROTOCOL_VERSION || version > PROTOCOL_VERSION) {
    consumer.refuse('unsupported_version', `this relay speaks ${MIN_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}`, id);
    consumer.end('unsupported_version');
    return;
  }
  const authentication = await consumer.authenticate({
    ...(token !== undefined && { token }),
    ...(resume !== undefined && { resume }),
    ...(user?.name !== undefined && { name: user.name }),
  });
  if (consumer.isClosed()) return;
  if (authentication.outcome !== 'identified') {
    const end = refuseIdentity(consumer, authentication, id);
    consumer.end(end);
    return;
  }
  const { member, resume: proof } = authentication.identity;
  const { channel, services } = consumer;
  consumer.identified(member);
  consumer.reply({
    type: 'connected',
    id,
    version,
    member,
    channel,
    pingMs: services.pingMs,
    ...(proof !== undefined && { resume: proof }),
  });
}

/** Another token, in the middle of a connection's life: it changes what the member may do and until when (AUT3). */
async function refresh(consumer: NativeConsumer, { id, token }: FrameOf<ClientFrame, 'refresh'>): Promise<void> {
  const rights = (room: Room): string => `${consumer.may('write', room.name)} ${consumer.may('moderate', room.name)}`;
  const before = new Map([...consumer.rooms()].map((room) => [room, rights(room)]));
  const authentication = await consumer.authenticate({ token });
  if (authentication.outcome !== 'identified') {
    refuseIdentity(consumer, authentication, id);
    return;
  }
  consumer.reply({ type: 'ok', id });
  for (const room of [...consumer.rooms()]) {
    if (!consumer.may('read', room.name)) consumer.remove(room, 'forbidden', 'You may no longer read this room.');
    else consumer.removeBanned(room);
    if (consumer.room(room.name) && rights(room) !== before.get(room))
      consumer.reply({ type: 'settings', room: room.name, settings: consumer.settingsIn(room) });
  }
}

/** Refuses a request to speak for somebody. Returns how a connection that speaks for nobody is closed then. */
function refuseIdentity(
  consumer: NativeConsumer,
  authentication: Exclude<Authentication, { readonly outcome: 'identified' }>,
  id: number,
): 'unauthorized' | 'internal' {
  if (authentication.outcome === 'refused' && authentication.refusal.code === 'unavailable') {
    consumer.refuse('auth_unavailable', authentication.refusal.message, id, STORE_RETRY_MS);
    return 'internal';
  }
  consumer.refuse('unauthorized', authentication.outcome === 'refused' ? authentication.refusal.message : undefined, id);
  return 'unauthorized';
}

async function join(consumer: NativeConsumer, frame: FrameOf<ClientFrame, 'join'>, member: Member): Promise<void> {
  if (!permitted(consumer, 'read', frame.room, frame.id)) return;
  const { rooms, metrics } = consumer.services;
  if (!consumer.room(frame.room) && consumer.roomCount >= MAX_ROOMS_PER_CONNECTION) {
    consumer.refuse('too_many_rooms', undefined, frame.id);
    return;
  }
  const request = { recent: frame.recent ?? 0, ...(frame.position && { position: frame.position }) };
  try {
    const room = rooms.get(frame.room) ?? (await rooms.open(frame.room));
    room.connections++; // from here on it stays in use, whatever is awaited
    try {
      await recallReads(consumer, room, member);
      const query = planJoin(request, room.log);
      const page = query && (await consumer.services.engine.read(room.name, query));
      if (page) room.noteStart(page.start);
      // No await from here to the reply: what is published now comes after it, and what came before is in it.
      const refusal = consumer.refusalIn(room, 'read');
      if (refusal) {
        consumer.refuse(refusal.code, refusal.detail, frame.id);
        return;
      }
      if (!consumer.enterRoom(room, member)) return;
      const { recovery, events } = room.join(consumer, request, page);
      const { position, start, presence } = room;
      const reads = room.readsOf(presence.isList ? presence.ids() : [member.id]);
      const settings = consumer.settingsIn(room);
      const head = { id: frame.id, room: room.name, position, start, recovery, reads, settings };
      consumer.replyText(encodeJoined(head, presence.encodedFor(member), events));
      metrics.joins.inc({ outcome: recovery.outcome });
    } finally {
      rooms.leave(room);
    }
  } catch (error) {
    refuseForEngine(consumer, error, frame.id);
  }
}

async function recallReads({ services }: NativeConsumer, room: Room, member: Member): Promise<void> {
  if (!room.knowsRead(member.id)) room.recallReads(await services.engine.reads(room.name, [member.id]));
}

async function readPage(consumer: NativeConsumer, room: string, query: PageQuery, id: number): Promise<Page | undefined> {
  try {
    return await consumer.services.engine.read(room, query);
  } catch (error) {
    refuseForEngine(consumer, error, id);
    return undefined;
  }
}

function refuseForEngine(consumer: NativeConsumer, error: unknown, id: number): void {
  if (!(error instanceof EngineError)) throw error;
  consumer.refuse('storage_unavailable', error.message, id, STORE_RETRY_MS);
}

function queryOf({ before, after, limit = DEFAULT_PAGE }: FrameOf<ClientFrame, 'history'>): PageQuery {
  if (before !== undefined) return { from: 'before', offset: before, limit };
  if (after !== undefined) return { from: 'after', offset: after, limit };
  return { from: 'end', limit };
}

/** True where the connection may do that in the room, as its identity is now (AUT1); else it is refused. */
function permitted(consumer: NativeConsumer, action: RoomAction, room: string, id: number | undefined): boolean {
  const may = consumer.may(action, room);
  if (!may) consumer.refuse('forbidden', undefined, id);
  return may;
}

/** The joined room in which the connection may do that, or undefined after a refusal. */
function joined(consumer: NativeConsumer, action: 'read' | 'write', name: string, id: number | undefined): Room | undefined {
  const room = consumer.room(name);
  if (!room) consumer.refuse('not_joined', undefined, id);
  if (!room || !permitted(consumer, action, name, id)) return undefined;
  const refusal = consumer.refusalIn(room, action);
  if (refusal) consumer.refuse(refusal.code, refusal.detail, id);
  return refusal ? undefined : room;
}

/** True where the member is banned from the room, open here or not; then it is refused. */
async function isBanned(consumer: NativeConsumer, room: string, { id: memberId }: Member, id: number): Promise<boolean> {
  if (consumer.may('moderate', room)) return false;
  try {
    const refusal = await consumer.services.rooms.refusalFor(room, memberId, 'read');
    if (refusal) consumer.refuse(refusal.code, refusal.detail, id);
    return refusal !== undefined;
  } catch (error) {
    refuseForEngine(consumer, error, id);
    return true;
  }
}

function acknowledge(consumer: NativeConsumer, id: number | undefined): void {
  if (id !== undefined) consumer.reply({ type: 'ok', id });
}
