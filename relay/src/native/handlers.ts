// What each frame of the native protocol does. The table is total: a new frame type without a handler does not compile.

import { randomBytes } from 'node:crypto';
import type { ClientFrame, FrameOf, Member } from '@chat-room/sdk/protocol';
import { encodeFrame, MAX_ROOMS_PER_CONNECTION, MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@chat-room/sdk/protocol';
import type { Page, PageQuery } from '../engine/engine.ts';
import { EngineError } from '../engine/engine.ts';
import { planJoin } from '../room/join.ts';
import type { Room } from '../room/room.ts';
import type { NativeConnection } from './native-connection.ts';
import { encodeHistory, encodeJoined } from './replies.ts';

const DEFAULT_PAGE = 50;
const STORE_RETRY_MS = 1_000;

type Handler<T extends ClientFrame['type']> = (
  connection: NativeConnection,
  frame: FrameOf<ClientFrame, T>,
  member: Member,
) => void | Promise<void>;

/** Frames of a connection that has said who it is. */
const handlers: { readonly [T in Exclude<ClientFrame['type'], 'connect'>]: Handler<T> } = {
  join: (connection, frame, member) => connection.blocking(() => join(connection, frame, member)),

  leave(connection, { id, room: name }) {
    const room = connection.room(name);
    if (room) connection.leaveRoom(room);
    connection.send({ type: 'ok', id });
  },

  async publish(connection, { id, room, key, event, epoch }, member) {
    const { engine, metrics } = connection.services;
    const draft = { from: member, key, body: event, moderator: false, ...(epoch !== undefined && { epoch }) };
    const outcome = await engine.publish(room, draft);
    if (!outcome.ok) {
      connection.refuse(outcome.code, outcome.detail, id, outcome.retryAfterMs);
      return;
    }
    metrics.publishes++;
    connection.send({ type: 'published', id, room, position: outcome.position, at: outcome.at });
  },

  async history(connection, frame) {
    const page = await readPage(connection, frame.room, queryOf(frame), frame.id);
    if (!page) return;
    if (frame.epoch !== undefined && frame.epoch !== page.position.epoch) connection.refuse('epoch_changed', undefined, frame.id);
    else connection.sendText(encodeHistory(frame.id, frame.room, page));
  },

  presence(connection, { id, room: name }) {
    const room = joined(connection, name, id);
    if (room) connection.send({ type: 'presence', id, room: name, presence: room.presence.snapshot() });
  },

  ephemeral(connection, { id, room: name, name: event, data }, from) {
    const room = joined(connection, name, id);
    if (!room) return;
    connection.services.rooms.tellEverywhere(room, encodeFrame({ type: 'ephemeral', room: name, from, name: event, data }));
    acknowledge(connection, id);
  },

  typing(connection, { id, room: name, active }, member) {
    const room = joined(connection, name, id);
    if (!room) return;
    connection.services.rooms.typing(room, member, active);
    acknowledge(connection, id);
  },

  read(connection, { id, room: name, position }, member) {
    const room = joined(connection, name, id);
    if (!room) return;
    if (position.epoch !== room.position.epoch) {
      connection.refuse('epoch_changed', undefined, id);
      return;
    }
    room.read(member.id, position.offset);
    connection.services.rooms.noteNews(room);
    acknowledge(connection, id);
  },

  ping: (connection, { id }) => connection.send({ type: 'pong', ...(id !== undefined && { id }) }),
};

/** Does what a frame asks for. Rejects only for a fault of ours. */
export async function handle(connection: NativeConnection, frame: ClientFrame): Promise<void> {
  if (frame.type === 'connect') {
    if (connection.member) connection.refuse('already_connected', undefined, frame.id);
    else await connection.blocking(() => connect(connection, frame));
    return;
  }
  if (!connection.member) {
    connection.refuse('not_connected', undefined, frame.id);
    return;
  }
  const handler = handlers[frame.type] as Handler<ClientFrame['type']>; // the table's type proves the pairing
  await handler(connection, frame as never, connection.member);
}

async function connect(connection: NativeConnection, frame: FrameOf<ClientFrame, 'connect'>): Promise<void> {
  const { id, version, token } = frame;
  if (version < MIN_PROTOCOL_VERSION || version > PROTOCOL_VERSION) {
    connection.refuse('unsupported_version', `this relay speaks ${MIN_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}`, id);
    connection.end('unsupported_version');
    return;
  }
  const identity = token === undefined ? guest(connection, frame) : await tokenBearer(connection, token);
  if (!identity) {
    connection.refuse('unauthorized', undefined, id);
    connection.end('unauthorized');
    return;
  }
  if (connection.isClosed) return;
  connection.member = identity.member;
  const channel = `c_${randomBytes(12).toString('base64url')}`;
  connection.send({ type: 'connected', id, version, channel, pingMs: connection.services.pingMs, ...identity });
}

function guest(
  { services }: NativeConnection,
  { resume, user }: FrameOf<ClientFrame, 'connect'>,
): { member: Member; resume: string } {
  return services.guests.identify(resume, user?.name);
}

async function tokenBearer({ services }: NativeConnection, token: string): Promise<{ member: Member } | undefined> {
  const member = await services.authenticate(token);
  return member && { member };
}

async function join(connection: NativeConnection, frame: FrameOf<ClientFrame, 'join'>, member: Member): Promise<void> {
  const { rooms, metrics } = connection.services;
  if (!connection.room(frame.room) && connection.roomCount >= MAX_ROOMS_PER_CONNECTION) {
    connection.refuse('too_many_rooms', undefined, frame.id);
    return;
  }
  const request = { recent: frame.recent ?? 0, ...(frame.position && { position: frame.position }) };
  try {
    const room = rooms.get(frame.room) ?? (await rooms.open(frame.room));
    room.connections++; // from here on it stays in use, whatever is awaited
    try {
      await recallReads(connection, room, member);
      const query = planJoin(request, room.log);
      const page = query && (await connection.services.engine.read(room.name, query));
      if (page) room.noteStart(page.start);
      // No await from here to the reply: what is published now comes after it, and what came before is in it.
      const socket = connection.enterRoom(room);
      if (!socket) return;
      const { recovery, events } = room.join(socket, request, page);
      const { position, start, presence } = room;
      const reads = room.readsOf(presence.isList ? presence.ids() : [member.id]);
      connection.sendText(
        encodeJoined({ id: frame.id, room: room.name, position, start, recovery, presence: presence.snapshot(), reads }, events),
      );
      metrics.joins.inc({ outcome: recovery.outcome });
    } finally {
      rooms.leave(room);
    }
  } catch (error) {
    refuseForEngine(connection, error, frame.id);
  }
}

async function recallReads({ services }: NativeConnection, room: Room, member: Member): Promise<void> {
  if (!room.knowsRead(member.id)) room.recallReads(await services.engine.reads(room.name, [member.id]));
}

async function readPage(connection: NativeConnection, room: string, query: PageQuery, id: number): Promise<Page | undefined> {
  try {
    return await connection.services.engine.read(room, query);
  } catch (error) {
    refuseForEngine(connection, error, id);
    return undefined;
  }
}

function refuseForEngine(connection: NativeConnection, error: unknown, id: number): void {
  if (!(error instanceof EngineError)) throw error;
  connection.refuse('storage_unavailable', error.message, id, STORE_RETRY_MS);
}

function queryOf({ before, after, limit = DEFAULT_PAGE }: FrameOf<ClientFrame, 'history'>): PageQuery {
  if (before !== undefined) return { from: 'before', offset: before, limit };
  if (after !== undefined) return { from: 'after', offset: after, limit };
  return { from: 'end', limit };
}

/** The joined room, or undefined after a refusal. */
function joined(connection: NativeConnection, name: string, id: number | undefined): Room | undefined {
  const room = connection.room(name);
  if (!room) connection.refuse('not_joined', undefined, id);
  return room;
}

function acknowledge(connection: NativeConnection, id: number | undefined): void {
  if (id !== undefined) connection.send({ type: 'ok', id });
}
