// Permission to send one file: what the relay decided at the frame, signed, so that any relay that shares the engine can
// take the file without asking anybody. It goes in a header, never in a URL, which ends up in logs.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { UPLOAD_TICKET_TTL_MS } from '@chat-room/sdk/protocol';

/** What a ticket is for. */
export interface UploadGrant {
  readonly id: string;
  readonly room: string;
  /** Id of the member who may send it. */
  readonly member: string;
  /** Safe already: see `file-name.ts`. */
  readonly name: string;
  /** What the sender says it is. */
  readonly mediaType: string;
  readonly bytes: number;
}

interface Payload extends UploadGrant {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export class Tickets {
  readonly #key: Buffer;

  /** `secret` is one for all relays that share rooms. The key is made of it, so that no other signature of it passes for a ticket. */
  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('chat-room upload tickets').digest();
  }

  issue(grant: UploadGrant, now: number): string {
    const payload: Payload = { ...grant, expiresAt: now + UPLOAD_TICKET_TTL_MS };
    const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
    return `${text}.${this.#sign(text).toString('base64url')}`;
  }

  /** What the ticket is for; undefined where it was not signed with our key, or has ended. */
  verify(ticket: string, now: number): UploadGrant | undefined {
    const [text = '', signature = '', ...rest] = ticket.split('.');
    const given = Buffer.from(signature, 'base64url');
    const right = this.#sign(text);
    if (rest.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const { expiresAt, ...grant } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Payload; // we wrote it
    return now < expiresAt ? grant : undefined;
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
