// Guests: members that nobody vouches for, but who stay the same over reloads, because the relay signs what they keep.

import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { Member } from '@chat-room/sdk/protocol';
import { randomText } from '../random-text.ts';
import type { Authenticator, RoomGrant } from './identity.ts';
import { ABSTAINED } from './identity.ts';
import { checkGrants, DEFAULT_GRANTS } from './permissions.ts';

export interface GuestIdentity {
  readonly member: Member;
  /** Given back in the next connect, it makes the same member. */
  readonly resume: string;
}

export interface GuestOptions {
  /** Signs what guests keep: all relays that share rooms need the same. */
  readonly secret: string;
  /** What guests may do. Default: read and write in every room. */
  readonly grants?: readonly RoomGrant[];
}

/**
 * Takes whoever brings no token for a guest: the one whose `resume` comes along, or a new one. Answers at once. Throws an
 * OptionError where the grants can't be used.
 */
export function guests({ secret, grants = DEFAULT_GRANTS }: GuestOptions): Authenticator<never> {
  const known = new Guests(secret);
  const checked = checkGrants(grants);
  return ({ token, resume, name }) => {
    if (token !== undefined) return ABSTAINED;
    return { outcome: 'identified', identity: { ...known.identify(resume, name), grants: checked } };
  };
}

const GUEST_ID = /^g_[\w-]{12}$/;

/** True for what this relay may call a guest: nobody else may have such an id, or they could speak as that guest. */
export function isGuestId(id: string): boolean {
  return GUEST_ID.test(id);
}

class Guests {
  readonly #secret: KeyObject;

  constructor(secret: string) {
    this.#secret = createSecretKey(secret, 'utf8');
  }

  /** The guest that `resume` proves, or a new one. `name` is what they call themselves. */
  identify(resume: string | undefined, name: string | undefined): GuestIdentity {
    const known = resume === undefined ? undefined : this.#verify(resume);
    const id = known ?? `g_${randomText(9)}`;
    const proof = known === undefined || resume === undefined ? `${id}.${this.#sign(id)}` : resume;
    return { member: { id, name: name ?? guestName(id) }, resume: proof };
  }

  #verify(resume: string): string | undefined {
    const dot = resume.lastIndexOf('.');
    const id = resume.slice(0, dot);
    const given = Buffer.from(resume.slice(dot + 1));
    const right = Buffer.from(this.#sign(id));
    return given.length === right.length && timingSafeEqual(given, right) ? id : undefined;
  }

  #sign(id: string): string {
    return createHmac('sha256', this.#secret).update(`guest:${id}`).digest('base64url');
  }
}

/** A name to tell guests apart by, the same for the same guest. */
function guestName(id: string): string {
  return `Guest ${id.slice(2, 6)}`;
}
