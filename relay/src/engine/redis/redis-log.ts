// The logs as they are in Redis: what the scripts are asked, and what their answers mean. Nothing is kept here.

import { createHash, randomBytes } from 'node:crypto';
import type { ErrorCode, Position, Reads } from '@chat-room/sdk/protocol';
import { KEY_TTL_MS, MAX_PAGE_BYTES } from '@chat-room/sdk/protocol';
import type { Draft, Page, PageQuery, PublishOutcome, RoomList, RoomSummary, StoredEvent } from '../engine.ts';
import type { Retention } from '../room-log.ts';
import { parseEvent } from '../stored-event.ts';
import type { RoomKeys } from './keys.ts';
import { idempotencyKey, PARTITION_NUMBERS, partitionOf, roomKeys, roomsKey } from './keys.ts';
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
    const touched = [...logKeys(keys), idempotencyKey(room, draft.from.id, draft.key), keys.rooms];
    const args = [...this.#argumentsOf(room, keys, draft), known?.epoch ?? '', known?.offset ?? 0, this.#roomTtl(room)];
    return readOutcome((await this.#link.run(PUBLISH, touched, args)) as readonly string[]);
  }

  async read(room: string, query: PageQuery): Promise<Page> {
    const { maxEvents, maxAgeMs } = this.#retention(room);
    const offset = query.from === 'end' ? 0 : query.offset;
    const args = [newEpoch(), this.#now(), maxEvents, ageArgument(maxAgeMs), query.from, offset, query.limit, MAX_PAGE_BYTES];
    const result = (await this.#link.run(READ, logKeys(roomKeys(room)), args)) as [string, string, string, string[], string[]];
    const [epoch, top, start, lines, redacts] = result;
    const events = lines.map((line, i) => withRedacts(parseEvent(line), redacts[i] ?? ''));
    if (query.from !== 'after') events.reverse(); // they were read from their end
    return { position: { epoch, offset: Number(top) }, start: Number(start), events };
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
    const reference = 'target' in body ? body.target : 'replyTo' in body ? body.replyTo : undefined;
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
      reference ?? '',
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

function logKeys({ meta, log, redacted, edits }: RoomKeys): readonly string[] {
  return [meta, log, redacted, edits];
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
  const [code, detail = ''] = rest;
  return { ok: false, code: code as ErrorCode, detail }; // one that the script names
}
