// What an identity may do in a room. Asked at every operation, so that it follows whatever the identity is by then.

import { MAX_ROOM_LENGTH } from '@chat-room/sdk/protocol';
import { OptionError } from '../options.ts';
import type { Identity, RoomAction, RoomGrant } from './identity.ts';

/** Grants of one identity: each operation may look at all of them. */
const MAX_GRANTS = 100;
const ALL_ROOMS = '*';
const ACTIONS: readonly RoomAction[] = ['read', 'write', 'moderate'];

/** What one may do where nothing says otherwise: read and write, in every room. */
export const DEFAULT_GRANTS: readonly RoomGrant[] = [{ rooms: ALL_ROOMS, allow: ['read', 'write'] }];

/** True where one of the identity's grants allows it. */
export function permits({ grants }: Pick<Identity, 'grants'>, room: string, action: RoomAction): boolean {
  for (const { rooms, allow } of grants) {
    if (allow.includes(action) && matchesRoom(rooms, room)) return true;
  }
  return false;
}

/** True where the pattern stands for the room: `*` is any characters, or none. */
export function matchesRoom(pattern: string, room: string): boolean {
  if (pattern === ALL_ROOMS) return true;
  const first = pattern.indexOf('*');
  if (first < 0) return pattern === room;
  const last = pattern.lastIndexOf('*');
  const end = room.length - (pattern.length - last - 1);
  if (end < first || !room.startsWith(pattern.slice(0, first)) || !room.endsWith(pattern.slice(last + 1))) return false;
  return holdsPieces(pattern.slice(first, last + 1), room.slice(first, end));
}

/** Looks for the pieces between stars one after the other. Where one first occurs is never the wrong place: no way back is needed. */
function holdsPieces(pattern: string, text: string): boolean {
  let from = 0;
  for (const piece of pattern.split('*')) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

/** Grants, or what is wrong with them. */
export type GrantsReading =
  | { readonly ok: true; readonly grants: readonly RoomGrant[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads grants from outside: `{ "team-*": ["read", "write"], "lobby": "read" }`, or a list of RoomGrant. All-rooms grants
 * come first in the result, so that they are found at once.
 */
export function readGrants(value: unknown): GrantsReading {
  const entries = entriesOf(value);
  if (entries === undefined) return wrong('not an object of room patterns');
  if (entries.length > MAX_GRANTS) return wrong(`more than ${MAX_GRANTS} room patterns`);
  const grants: RoomGrant[] = [];
  for (const [rooms, actions] of entries) {
    if (typeof rooms !== 'string' || rooms === '' || rooms.length > MAX_ROOM_LENGTH)
      return wrong(`a room pattern holds 1 to ${MAX_ROOM_LENGTH} characters`);
    const allow = typeof actions === 'string' ? [actions] : actions;
    if (!isActions(allow)) return wrong(`a room pattern takes some of ${ACTIONS.join(', ')}`);
    grants.push({ rooms: rooms.normalize('NFC'), allow });
  }
  const isForAll = ({ rooms }: RoomGrant): boolean => rooms === ALL_ROOMS;
  return { ok: true, grants: [...grants.filter(isForAll), ...grants.filter((grant) => !isForAll(grant))] };
}

/** Grants of a configuration. Throws an OptionError. */
export function checkGrants(grants: readonly RoomGrant[]): readonly RoomGrant[] {
  const reading = readGrants(grants);
  if (!reading.ok) throw new OptionError(`These grants can't be used: ${reading.reason}.`);
  return reading.grants;
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return Object.entries(value);
  return value.map((grant: Partial<RoomGrant> | null) => [grant?.rooms, grant?.allow]);
}

function isActions(value: unknown): value is readonly RoomAction[] {
  return Array.isArray(value) && value.every((action) => ACTIONS.includes(action));
}

function wrong(reason: string): GrantsReading {
  return { ok: false, reason };
}
