// Names in Redis. Everything of one room lies in one of 256 partitions, whose number is the hash tag: so a script may touch all
// of it on a cluster too, and what was subscribed comes back with one command a partition.

const PARTITIONS = 256;
const PREFIX = 'chat-room:';

/** The partition of a room or a group: 0 to 255. FNV-1a over UTF-16 code units. */
export function partitionOf(name: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x0100_0193);
  return (hash >>> 0) % PARTITIONS;
}

/** All partitions, in the order in which rooms are listed. */
export const PARTITION_NUMBERS: readonly number[] = Array.from({ length: PARTITIONS }, (_, i) => i);

function inPartition(partition: number, rest: string): string {
  return `${PREFIX}{p${partition}}:${rest}`;
}

/** What relays keep for all rooms together. */
export const SHARED_KEYS = {
  /** String: what signs guests. */
  secret: inPartition(0, 'secret'),
  /** Sorted set: relay → when it was last heard of, in milliseconds of Redis's clock. */
  relays: inPartition(0, 'relays'),
  /** String that a probe writes. */
  probe: inPartition(0, 'probe'),
} as const;

/** Sorted set of the rooms of a partition, all with the score 0: in the order of their names' bytes. */
export function roomsKey(partition: number): string {
  return inPartition(partition, 'rooms');
}

/** The keys of one room, and its channel. */
export interface RoomKeys {
  /** Hash: `epoch`, `top` (last offset), `start` (lowest offset kept), `at` (of the last event), `moderated` where `moderation` holds something. */
  readonly meta: string;
  /** Stream: an entry `<offset>-0` for each event that is not redacted. */
  readonly log: string;
  /** Hash: offset → what is left of a redacted event, as JSON. */
  readonly redacted: string;
  /** Hash: offset of a message → offsets of its edits, with commas. */
  readonly edits: string;
  /** Hash: name of an entry → what moderators have set, as JSON: see moderation.ts. */
  readonly moderation: string;
  /** Hash: member id → offset. */
  readonly reads: string;
  /** Hash: `<relay> <member id>` → member, as JSON; and the counts that member-scripts.ts keeps beside them. */
  readonly members: string;
  /** Sorted set that lists the room. */
  readonly rooms: string;
  /** Sharded channel. */
  readonly channel: string;
}

export function roomKeys(room: string): RoomKeys {
  const partition = partitionOf(room);
  const key = (kind: string): string => inPartition(partition, `${kind}:${room}`);
  return {
    meta: key('meta'),
    log: key('log'),
    redacted: key('redacted'),
    edits: key('edits'),
    moderation: key('moderation'),
    reads: key('reads'),
    members: key('members'),
    rooms: roomsKey(partition),
    channel: key('room'),
  };
}

/** String: what an idempotency key of a member stands for. */
export function idempotencyKey(room: string, memberId: string, key: string): string {
  // A key holds no space: what stands behind the last one is the key, whatever the member's id holds.
  return inPartition(partitionOf(room), `key:${room.length}:${room}:${memberId} ${key}`);
}

/** String: offset and time of a member's last message in a room that is in slow mode. */
export function slowKey(room: string, memberId: string): string {
  return inPartition(partitionOf(room), `slow:${room.length}:${room}:${memberId}`);
}

/** Sharded channel of a group. */
export function groupChannel(group: string): string {
  return inPartition(partitionOf(group), `group:${group}`);
}

/** Sharded channel of one relay's inbox. */
export function relayChannel(relay: string): string {
  return inPartition(partitionOf(relay), `relay:${relay}`);
}

/** The partition that a key or channel of ours lies in. */
export function partitionOfKey(key: string): number {
  return Number(/\{p(\d+)\}/.exec(key)?.[1] ?? 0);
}
