// What a token or a session says of somebody, made an identity: the one place that checks it.

import { isName, MAX_MEMBER_ID_LENGTH, MAX_NAME_LENGTH } from '@chat-room/sdk/protocol';
import { isGuestId } from './guests.ts';
import type { Identity, RoomGrant } from './identity.ts';
import { readGrants } from './permissions.ts';

/** What somebody else vouches for. Nothing of it is checked yet. */
export interface Vouched<Claims> {
  readonly id: unknown;
  /** What the member may be called: the first that is a valid name counts. */
  readonly names: readonly unknown[];
  /** Undefined: the default grants. */
  readonly grants: unknown;
  readonly expiresAt: number | undefined;
  readonly claims: Claims;
}

export type IdentityReading<Claims> =
  | { readonly ok: true; readonly identity: Identity<Claims> }
  /** `field` is one of Vouched; `reason` goes on from its name. */
  | { readonly ok: false; readonly field: 'id' | 'names' | 'grants'; readonly reason: string };

/** The identity that is vouched for, or what keeps it from being one. */
export function readIdentity<Claims>(vouched: Vouched<Claims>, defaults: readonly RoomGrant[]): IdentityReading<Claims> {
  const { id, names, expiresAt, claims } = vouched;
  if (!isName(id, MAX_MEMBER_ID_LENGTH)) return { ok: false, field: 'id', reason: id === undefined ? 'missing' : 'not valid' };
  if (isGuestId(id)) return { ok: false, field: 'id', reason: 'of the form that guests have' };
  const name = [...names, id].find((candidate) => isName(candidate, MAX_NAME_LENGTH)) as string | undefined;
  if (name === undefined) return { ok: false, field: 'names', reason: 'not valid' };
  const reading = vouched.grants === undefined ? { ok: true as const, grants: defaults } : readGrants(vouched.grants);
  if (!reading.ok) return { ok: false, field: 'grants', reason: reading.reason };
  const { grants } = reading;
  return { ok: true, identity: { member: { id, name }, grants, ...(expiresAt !== undefined && { expiresAt }), claims } };
}
