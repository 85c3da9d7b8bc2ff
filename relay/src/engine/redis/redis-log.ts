// The logs as they are in Redis: what the scripts are asked, and what their answers mean. Nothing is kept here.

import { createHash, randomBytes } from 'node:crypto';
import type { ErrorCode, Position, Reads } from '@chat-room/sdk/protocol';
import { KEY_TTL_MS, MAX_PAGE_BYTES, referenceOf } from '@chat-room/sdk/protocol';
import type { Draft, OpenPage, Page, PageQuery, PublishOutcome, RoomList, RoomSummary, StoredEvent } from '../engine.ts';
import type { ModerationEntry } from '../moderation.ts';
import { changeOf, Moderation } from '../moderation.ts';
import type { Retention } from '../room-log.ts';
import { parseEvent } from '../stored-event.ts';
import type { RoomKeys } from './keys.ts';
import { idempotencyKey, PARTITION_NUMBERS, partitionOf, roomKeys, roomsKey, slowKey } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { KEEP_READS, PUBLISH, READ, VERIFY } from './scripts.ts';

/** How far a relay has fed a room. */
interface Followed {
  readonly epoch: string;
  readonly top: number;
}

export class RedisLog {
  readonly #link: RedisLink;
  readonly #retention: (room: string) => Retention;
  readonly #clock: (() => number) | undefined;

  /** Without a clock, in milliseconds since 1970, Redis's own says when an event was stored: one for all relays. */
  constructor(link: RedisLink, retention: (room: string) => Retention, clock: (() => number) | undefined) {
    this.#link = link;
    this.#retention = retention;
    this.#clock = clock;
  }

  /**
   * Stores an event, once for its key. `known` is what the relay has seen of the room: more than Redis has means that Redis has
   * lost it. Publishes are stored in the order of the calls: the link sends them so, and again so after a reconnect.
   */
  async publish(room: string, draft: Draft, known: Position | undefined): Promise<PublishOutcome> {
    const keys = roomKeys(room);
    const member = draft.from.id;
    const touched = [...logKeys(keys), idempotencyKey(room, member, draft.key), keys.rooms, slowKey(room, member)];
    const seen = [known?.epoch ?? '', known?.offset ?? 0];
    const args = [...this.#argumentsOf(room, keys, draft), ...seen, this.#roomTtl(room), ...entryArguments(draft)];
    return readOutcome((await this.#link.run(PUBLISH, touched, args)) as readonly string[]);
  }

  async read(room: string, query: PageQuery): Promise<Page> {
    const [page] = await this.#read(room, query, false);
    return page;
  }

  /** The end of the log, and what moderators have set there. */
  async readEnd(room: string, limit: number): Promise<OpenPage> {
    const [page, moderation] = await this.#read(room, { from: 'end', limit }, true);
    return { ...page, moderation };
  }

  /** What moderators have set in a room; with a member's id, of mutes and bans that member's alone. */
  async moderation(room: string, memberId: string | undefined): Promise<Moderation | undefined> {
    const { moderation: key } = roomKeys(room);
    if (memberId === undefined) {
      const all = await this.#link.bounded(this.#link.command.hgetall(key));
      return Moderation.from(Object.entries(all).map(([name, value]) => ({ name, value })));
    }
    const names = ['pin', 'slow', `mute:${memberId}`, `ban:${memberId}`];
    const values = await this.#link.bounded(this.#link.command.hmget(key, ...names));
    return Moderation.from(names.flatMap((name, i) => (values[i] ? [{ name, value: values[i] }] : [])));
  }

  async #read(room: string, query: PageQuery, isWhole: boolean): Promise<readonly [Page, Moderation | undefined]> {
    const { maxEvents, maxAgeMs } = this.#retention(room);
    const offset = query.from === 'end' ? 0 : query.offset;
    const bounds = [maxEvents, ageArgument(maxAgeMs), query.from, offset, query.limit, MAX_PAGE_BYTES];
    const args = [newEpoch(), this.#now(), ...bounds, isWhole ? '1' : ''];
    const result = await this.#link.run(READ, logKeys(roomKeys(room)), args);
    const [epoch, top, start, lines, redacts, set] = result as [string, string, string, string[], string[], string[]];
    const events = lines.map((line, i) => withRedacts(parseEvent(line), redacts[i] ?? ''));
    if (query.from !== 'after') events.reverse(); // they were read from their end
    return [{ position: { epoch, offset: Number(top) }, start: Number(start), events }, Moderation.from(entriesOf(set))];
  }

  /** Where the log ends now. One that no longer holds `last` there has lost it, and is given a new epoch. */
  async verify(room: string, { epoch, top: fed }: Followed, last: StoredEvent | undefined): Promise<Position> {
    const args = [newEpoch(), epoch, fed, last ? String(last.at) : '', last?.author ?? '', this.#roomTtl(room)];
    const [now, top] = (await this.#link.run(VERIFY, logKeys(roomKeys(room)), args)) as [string, string];
    return { epoch: now, offset: Number(top) };
  }

  async reads(room: string, memberIds: readonly string[]): Promise<Reads> {
    const offsets = await this.#link.bounded(this.#link.command.hmget(roomKeys(room).reads, ...memberIds));
    const known = memberIds.map((id, i) => [id, offsets[i]] as const).filter(([, offset]) => offset);
    return Object.fromEntries(known.map(([id, offset]) => [id, Number(offset)]));
  }

  async keepReads(room: string, reads: Reads): Promise<void> {
    const args = [ageArgument(this.#retention(room).maxAgeMs), ...Object.entries(reads).flat()];
    await this.#link.run(KEEP_READS, [roomKeys(room).reads], args);
  }

  async rooms(after: string | undefined, limit: number): Promise<RoomList> {
    const first = after === undefined ? 0 : partitionOf(after);
    const rooms: RoomSummary[] = [];
    for (const partition of PARTITION_NUMBERS.slice(first)) {
      const from = partition === first && after !== undefined ? `(${after}` : '-';
      const names = await this.#link.bounded(
        this.#link.command.zrangebylex(roomsKey(partition), from, '+', 'LIMIT', 0, limit + 1 - rooms.length),
      );
      rooms.push(...(await this.#summaries(names)));
      if (rooms.length > limit) break;
    }
    const page = rooms.slice(0, limit);
    const last = page.at(-1);
    return { rooms: page, ...(rooms.length > limit && last && { next: last.room }) };
  }

  /** What is known of rooms that are listed; those that have run out are taken from the list. */
  async #summaries(names: readonly string[]): Promise<readonly RoomSummary[]> {
    const summaries = await Promise.all(
      names.map(async (room) => {
        const keys = roomKeys(room);
        const [epoch, top] = await this.#link.bounded(this.#link.command.hmget(keys.meta, 'epoch', 'top'));
        if (epoch && top) return [{ room, position: { epoch, offset: Number(top) } }];
        await this.#link.bounded(this.#link.command.zrem(keys.rooms, room));
        return [];
      }),
    );
    return summaries.flat();
  }

  #argumentsOf(room: string, { channel }: RoomKeys, draft: Draft): readonly (string | number)[] {
    const { from, key, body, epoch, moderator, changed } = draft;
    const { maxEvents, maxAgeMs } = this.#retention(room);
    const json = JSON.stringify(body);
    // Of what a hook has changed the key alone says that it is the same.
    const digest = changed ? '*' : createHash('sha256').update(json).digest('base64url').slice(0, 22);
    return [
      room,
      channel,
      newEpoch(),
      this.#now(),
      maxEvents,
      ageArgument(maxAgeMs),
      KEY_TTL_MS,
      from.id,
      moderator ? '1' : '0',
      body.type,
      referenceOf(body) ?? '',
      epoch ?? '',
      digest,
      // The event's JSON, but for its offset and time: the script puts them before it.
      `,"from":${JSON.stringify({ id: from.id, name: from.name })},"key":${JSON.stringify(key)}`,
      `,${json.slice(1)}`,
    ];
  }

  /** How long a room is remembered after its last event, in milliseconds: its offsets go on when all its events are forgotten. */
  #roomTtl(room: string): string {
    const { maxAgeMs } = this.#retention(room);
    return ageArgument(Math.max(maxAgeMs, KEY_TTL_MS) * 2);
  }

  #now(): string {
    return this.#clock ? String(this.#clock()) : '';
  }
}

/** An event with the offsets, if any, that it removed the text of: as they are listed, with commas. */
export function withRedacts(event: StoredEvent, redacts: string): StoredEvent {
  return redacts === '' ? event : { ...event, redacts: redacts.split(',').map(Number) };
}

function logKeys({ meta, log, redacted, edits, moderation }: RoomKeys): readonly string[] {
  return [meta, log, redacted, edits, moderation];
}

/** What a moderator's event does to the entries. */
function entryArguments({ body, from }: Draft): readonly string[] {
  if (body.type !== 'moderation') return ['', ''];
  const { name, rest = '' } = changeOf(body.action, from);
  return [name, rest];
}

/** A hash as Redis lists it: names and values in turn. */
function entriesOf(set: readonly string[]): readonly ModerationEntry[] {
  return set.flatMap((name, i) => (i % 2 === 0 ? [{ name, value: set[i + 1] ?? '' }] : []));
}

const EPOCHS = randomBytes(9).toString('base64url');
let epochs = 0;

/** A name that no log has had: each script is given one, in case it must begin an epoch. */
function newEpoch(): string {
  epochs++;
  return `${EPOCHS}${epochs.toString(36)}`;
}

function ageArgument(maxAgeMs: number): string {
  return Number.isFinite(maxAgeMs) ? String(maxAgeMs) : '';
}

function readOutcome([kind, ...rest]: readonly string[]): PublishOutcome {
  if (kind === 'stored') {
    const [epoch = '', offset, at] = rest;
    return { ok: true, position: { epoch, offset: Number(offset) }, at: Number(at) };
  }
  const [code, detail = '', retryAfterMs] = rest;
  // The code is one that the script names.
  return {
    ok: false,
    code: code as ErrorCode,
    detail,
    ...(retryAfterMs !== undefined && { retryAfterMs: Number(retryAfterMs) }),
  };
}
