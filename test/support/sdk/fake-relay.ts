// Speaks the protocol from memory, in the turn in which a frame reaches it. What it answers waits in the socket's queue.

import type {
  ClientFrame,
  ErrorCode,
  FrameOf,
  JsonValue,
  Member,
  Position,
  Presence,
  Recovery,
  RoomEvent,
  RoomSettings,
  ServerFrame,
} from '../../../sdk/src/protocol/index.ts';
import { decodeClientFrame, errorReply } from '../../../sdk/src/protocol/index.ts';
import type { FakeSocket, Peer } from './fake-network.ts';

interface Connection {
  readonly member: Member;
  token: string | undefined;
  readonly joined: Set<string>;
}

interface Stored {
  readonly epoch: string;
  readonly event: RoomEvent;
}

type Publish = FrameOf<ClientFrame, 'publish'>;

export class FakeLog {
  epoch = 'e1';
  start = 1;
  end = 0;
  events: RoomEvent[] = [];
  readonly keys = new Map<string, { readonly body: string; readonly offset: number; readonly at: number }>();
  pinned: number | undefined;
  slowModeMs = 0;
  /** Member id → until when. */
  readonly mutes = new Map<string, number>();

  /** What moderators have set outlasts the events that set it. */
  moderate(event: RoomEvent): void {
    if (event.type === 'delete' && event.target === this.pinned) this.pinned = undefined;
    if (event.type !== 'moderation') return;
    const { action } = event;
    if (action.type === 'pin') this.pinned = action.target;
    if (action.type === 'unpin') this.pinned = undefined;
    if (action.type === 'slowMode') this.slowModeMs = action.intervalMs;
    if (action.type === 'mute') this.mutes.set(action.member.id, action.until ?? 0);
    if (action.type === 'unmute') this.mutes.delete(action.member.id);
  }

  settingsFor(memberId: string): RoomSettings {
    const mutedUntil = this.mutes.get(memberId);
    const you = { write: true, moderate: false, ...(mutedUntil !== undefined && { mutedUntil }) };
    return { ...(this.pinned !== undefined && { pinned: this.pinned }), slowModeMs: this.slowModeMs, you };
  }
}

export class FakeRelay implements Peer {
  /** Events in one page: few, so that short logs need paging. */
  pageSize = 200;
  pingMs = 25_000;
  /** Publishes are refused for now while it answers with a frame. */
  refuse: (publish: Publish) => ServerFrame | undefined = () => undefined;
  /** What who joins is told, where that is not what its log comes to. */
  settings: RoomSettings | undefined;
  /** True: the push comes before the reply. PUB1 allows both. */
  pushFirst = false;
  /** What a token is refused with, for now. One that is taken names its member before the first dot: `ada.7`. */
  refuseToken: (token: string) => ErrorCode | undefined = () => undefined;
  /** False where a token does not let its member read a room. */
  mayRead: (token: string, room: string) => boolean = () => true;
  /** Every event that was ever stored, whatever became of its log. */
  readonly archive: Stored[] = [];
  readonly logs = new Map<string, FakeLog>();
  readonly #connections = new Map<FakeSocket, Connection>();
  readonly #guests = new Map<string, Member>();
  #epochs = 1;
  #at = 5_000;

  log(room: string): FakeLog {
    const log = this.logs.get(room) ?? new FakeLog();
    this.logs.set(room, log);
    return log;
  }

  /** The sockets that have joined the room. */
  joined(room: string): readonly FakeSocket[] {
    return [...this.#connections].filter(([, { joined }]) => joined.has(room)).map(([socket]) => socket);
  }

  receive(socket: FakeSocket, text: string): void {
    const decoded = decodeClientFrame(text);
    const reply = decoded.ok ? this.#answer(socket, decoded.frame) : errorReply(decoded.code, decoded.detail, decoded.id);
    if (reply) this.#send(socket, reply);
  }

  closed(socket: FakeSocket): void {
    this.#connections.delete(socket);
  }

  /** Somebody else publishes. */
  publish(room: string, event: Publish['event'], from: Member = { id: 'm_eve', name: 'Eve' }, key = `k${this.#at}`): RoomEvent {
    const log = this.log(room);
    const stored = { offset: ++log.end, at: ++this.#at, from, key, ...event } as RoomEvent;
    log.events.push(stored);
    log.keys.set(`${from.id} ${key}`, { body: JSON.stringify(event), offset: stored.offset, at: stored.at });
    this.archive.push({ epoch: log.epoch, event: stored });
    if (event.type === 'delete') redact(log, event.target);
    log.moderate(stored);
    for (const socket of this.joined(room)) this.#send(socket, { type: 'events', room, events: [stored] });
    return stored;
  }

  say(room: string, text: string): RoomEvent {
    return this.publish(room, { type: 'message', text });
  }

  /** The log forgets everything below `start`. */
  trim(room: string, start: number): void {
    const log = this.log(room);
    log.start = Math.max(log.start, Math.min(start, log.end + 1));
    log.events = log.events.filter(({ offset }) => offset >= log.start);
  }

  /** Another life of the log. POS4: who is joined is told, before any of its events. */
  replaceLog(room: string): void {
    const log = new FakeLog();
    log.epoch = `e${++this.#epochs}`;
    this.logs.set(room, log);
    for (const socket of this.joined(room)) this.#sendPosition(socket, room);
  }

  /** POS1: of what waits for this reader the pushes are dropped. */
  overflow(socket: FakeSocket): void {
    const replies = socket.toClient.filter((text) => (JSON.parse(text) as ServerFrame).type !== 'events');
    socket.toClient.splice(0, socket.toClient.length, ...replies);
  }

  /** POS2: a reader that missed something is told where its logs end. */
  tellPositions(socket: FakeSocket): void {
    for (const room of this.#connections.get(socket)?.joined ?? []) this.#sendPosition(socket, room);
  }

  /** Forgets who the guests were, so that `resume` makes new ones. */
  forgetGuests(): void {
    this.#guests.clear();
  }

  /** The token that a connection lives by. */
  tokenOf(socket: FakeSocket): string | undefined {
    return this.#connections.get(socket)?.token;
  }

  /** AUT2: the token of a connection is about to end. */
  tellExpiring(socket: FakeSocket, expiresInMs = 30_000): void {
    this.#send(socket, { type: 'expiring', expiresInMs });
  }

  /** CHN1: sent to the channel of one connection. */
  sendDirect(socket: FakeSocket, name: string, data: JsonValue): void {
    this.#send(socket, { type: 'direct', name, data });
  }

  #connect(socket: FakeSocket, frame: FrameOf<ClientFrame, 'connect'>): ServerFrame {
    const { id, token } = frame;
    if (token === undefined) return this.#connectGuest(socket, frame);
    const refusal = this.refuseToken(token);
    if (refusal !== undefined) return errorReply(refusal, undefined, id);
    const member = memberOf(token);
    this.#connections.set(socket, { member, token, joined: new Set() });
    return { type: 'connected', id, version: 1, member, channel: 'c', pingMs: this.pingMs };
  }

  /** AUT3: the same member goes on with other rights; what they may not read any more is taken from them. */
  #refresh(socket: FakeSocket, connection: Connection, { id, token }: FrameOf<ClientFrame, 'refresh'>): undefined {
    const isOther = memberOf(token).id !== connection.member.id;
    const refusal = this.refuseToken(token) ?? (isOther ? 'unauthorized' : undefined);
    if (refusal !== undefined) {
      this.#send(socket, errorReply(refusal, undefined, id));
      return;
    }
    connection.token = token;
    this.#send(socket, { type: 'ok', id });
    for (const room of [...connection.joined].filter((name) => !this.mayRead(token, name))) {
      connection.joined.delete(room);
      this.#send(socket, { type: 'removed', room, code: 'forbidden', message: 'You may no longer read it.' });
    }
  }

  #connectGuest(socket: FakeSocket, { id, user, resume = '' }: FrameOf<ClientFrame, 'connect'>): ServerFrame {
    const known = this.#guests.get(resume);
    const member = { id: known?.id ?? `g${++this.#at}`, name: user?.name ?? known?.name ?? 'Guest' };
    this.#guests.set(`r_${member.id}`, member);
    this.#connections.set(socket, { member, token: undefined, joined: new Set() });
    return { type: 'connected', id, version: 1, member, channel: 'c', resume: `r_${member.id}`, pingMs: this.pingMs };
  }

  #answer(socket: FakeSocket, frame: ClientFrame): ServerFrame | undefined {
    if (frame.type === 'connect') return this.#connect(socket, frame);
    const connection = this.#connections.get(socket);
    if (connection === undefined) return errorReply('not_connected', undefined, frame.id);
    switch (frame.type) {
      case 'join':
        connection.joined.add(frame.room);
        return this.#join(frame, connection.member);
      case 'leave':
        connection.joined.delete(frame.room);
        return { type: 'ok', id: frame.id };
      case 'publish':
        return this.#publish(socket, connection.member, frame);
      case 'history':
        return this.#history(frame);
      case 'presence':
        return { type: 'presence', id: frame.id, room: frame.room, presence: this.#presence(frame.room) };
      case 'ping':
        return { type: 'pong', ...(frame.id !== undefined && { id: frame.id }) };
      case 'ephemeral': {
        const { room, name, data } = frame;
        for (const to of this.joined(room)) this.#send(to, { type: 'ephemeral', room, from: connection.member, name, data });
        return undefined;
      }
      case 'refresh':
        return this.#refresh(socket, connection, frame);
      case 'sanctions':
        return { type: 'sanctions', id: frame.id, room: frame.room, sanctions: [] };
      case 'upload':
        return errorReply('forbidden', undefined, frame.id);
      case 'typing':
      case 'read':
        return undefined;
    }
  }

  #join({ id, room, position, recent = 0 }: FrameOf<ClientFrame, 'join'>, member: Member): ServerFrame {
    const log = this.log(room);
    const recovery = recoveryOf(log, position);
    const after = recovery.outcome === 'recovered' ? (position?.offset ?? 0) : Math.max(0, log.end - recent);
    const newer = log.events.filter(({ offset }) => offset > after);
    const events = recovery.outcome === 'recovered' ? newer.slice(0, this.pageSize) : newer.slice(-this.pageSize);
    const end = { epoch: log.epoch, offset: log.end };
    const presence = this.#presence(room);
    const settings = this.settings ?? log.settingsFor(member.id);
    return { type: 'joined', id, room, position: end, start: log.start, recovery, events, presence, reads: {}, settings };
  }

  #publish(socket: FakeSocket, member: Member, frame: Publish): ServerFrame | undefined {
    const { id, room, key, epoch, event } = frame;
    const log = this.log(room);
    const known = log.keys.get(`${member.id} ${key}`);
    const refusal = known ? undefined : this.refuse(frame);
    if (refusal) return refusal.type === 'error' ? { ...refusal, id } : refusal;
    if (known && known.body !== JSON.stringify(event)) return errorReply('key_reused', undefined, id);
    if (epoch !== undefined && epoch !== log.epoch) return errorReply('epoch_changed', undefined, id);
    const queued = socket.toClient.length;
    const { offset, at } = known ?? this.publish(room, event, member, key);
    const reply: ServerFrame = { type: 'published', id, room, position: { epoch: log.epoch, offset }, at };
    if (this.pushFirst) return reply;
    socket.toClient.splice(queued, 0, JSON.stringify(reply));
    return undefined;
  }

  #history({ id, room, epoch, before, after, limit = 50 }: FrameOf<ClientFrame, 'history'>): ServerFrame {
    const log = this.log(room);
    if (epoch !== undefined && epoch !== log.epoch) return errorReply('epoch_changed', undefined, id);
    const size = Math.min(limit, this.pageSize);
    const events =
      after === undefined
        ? log.events.filter(({ offset }) => offset < (before ?? Number.POSITIVE_INFINITY)).slice(-size)
        : log.events.filter(({ offset }) => offset > after).slice(0, size);
    return { type: 'history', id, room, position: { epoch: log.epoch, offset: log.end }, start: log.start, events };
  }

  #presence(room: string): Presence {
    const members = new Map<string, Member>();
    for (const socket of this.joined(room)) {
      const member = this.#connections.get(socket)?.member;
      if (member) members.set(member.id, member);
    }
    return { scope: 'all', version: 1, members: [...members.values()] };
  }

  #sendPosition(socket: FakeSocket, room: string): void {
    const log = this.log(room);
    this.#send(socket, { type: 'position', room, position: { epoch: log.epoch, offset: log.end }, presenceVersion: 1 });
  }

  #send(socket: FakeSocket, frame: ServerFrame): void {
    if (socket.isWired) socket.toClient.push(JSON.stringify(frame));
  }
}

function memberOf(token: string): Member {
  const [id = ''] = token.split('.');
  return { id, name: id };
}

function recoveryOf(log: FakeLog, position: Position | undefined): Recovery {
  if (position === undefined) return { outcome: 'fresh' };
  if (position.epoch !== log.epoch) return { outcome: 'lost', reason: 'epoch' };
  if (position.offset > log.end) return { outcome: 'lost', reason: 'ahead' };
  if (position.offset + 1 < log.start) return { outcome: 'lost', reason: 'trimmed' };
  return { outcome: 'recovered' };
}

/** EVT5: of a deleted message and its edits only place, time and author remain. */
function redact(log: FakeLog, target: number): void {
  log.events = log.events.map((event) => {
    const { offset, at, from, key } = event;
    if (event.type === 'message' && offset === target) return { offset, at, from, key, type: 'redacted', was: 'message' };
    if (event.type === 'edit' && event.target === target) return { offset, at, from, key, type: 'redacted', was: 'edit' };
    return event;
  });
}
