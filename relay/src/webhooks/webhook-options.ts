// Which endpoints are told of what: read once, at the start.

import { MAX_ROOM_LENGTH } from '@chat-room/sdk/protocol';
import { httpUrl, list, oneOfThe, readObject, UnfitValue, wholeFrom } from '../option-fields.ts';
import { readSecrets } from './signer.ts';

const EVENTS = ['message', 'join', 'leave', 'room-empty'] as const;

/**
 * What an endpoint can be told of. `message`: whatever a room's log keeps, that is messages, their edits, deletions and
 * reactions, and custom events; what it is stands in the delivery's `type`.
 */
export type WebhookEvent = (typeof EVENTS)[number];

/** One endpoint. It is the operator's choice: hosts inside their own network are as good as any. */
export interface WebhookOptions {
  readonly url: string;
  /** `whsec_` and base64 each. Every delivery is signed with all of them: a new one comes in while the old one still holds. */
  readonly secrets: readonly string[];
  readonly events: readonly WebhookEvent[];
  /** Which rooms: `*` stands for any characters, or none. Default: all. */
  readonly rooms?: string;
  /** For how long an attempt may take, 100 to 60,000. Default 15,000. */
  readonly timeoutMs?: number;
  /** Deliveries that may wait, up to 1,000,000; later ones are dropped. Default 10,000. */
  readonly maxQueue?: number;
  /** What is older is not delivered any more, 1,000 to 86,400,000. Default an hour: what is missing stands in the history. */
  readonly giveUpAfterMs?: number;
}

const MAX_ENDPOINTS = 100;

const readEndpoints = list(
  (value, name): WebhookOptions =>
    readObject<WebhookOptions>(
      value,
      name,
      {
        url: httpUrl,
        secrets: readSecrets,
        events: list(oneOfThe(EVENTS), EVENTS.length),
        rooms: readPattern,
        timeoutMs: wholeFrom(100, 60_000),
        maxQueue: wholeFrom(1, 1_000_000),
        giveUpAfterMs: wholeFrom(1_000, 86_400_000),
      },
      ['url', 'secrets', 'events'],
    ),
  MAX_ENDPOINTS,
);

/** Reads a list of endpoints, or an empty one. Throws an UnfitValue. */
export function readWebhooks(value: unknown): readonly WebhookOptions[] {
  return Array.isArray(value) && value.length === 0 ? [] : readEndpoints(value, 'webhooks');
}

function readPattern(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_ROOM_LENGTH)
    throw new UnfitValue(`${name} is no room pattern of 1 to ${MAX_ROOM_LENGTH} characters`);
  return value.normalize('NFC');
}
