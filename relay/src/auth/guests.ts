// Guests: members that nobody vouches for, but who stay the same over reloads, because the relay signs what they keep.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Member } from '@chat-room/sdk/protocol';

export interface GuestIdentity {
  readonly member: Member;
  /** Given back in the next connect, it makes the same member. */
  readonly resume: string;
}

export class Guests {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The guest that `resume` proves, or a new one. `name` is what they call themselves. */
  identify(resume: string | undefined, name: string | undefined): GuestIdentity {
    const id = (resume && this.#verify(resume)) ?? `g_${randomBytes(9).toString('base64url')}`;
    return { member: { id, name: name ?? guestName(id) }, resume: `${id}.${this.#sign(id)}` };
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
