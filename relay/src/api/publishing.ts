// What the operations that write to a log share.

import type { EventBody, Member } from '@chat-room/sdk/protocol';
import { isName, MAX_NAME_LENGTH } from '@chat-room/sdk/protocol';
import type { Operations } from '../operations.ts';
import type { ApiKeyOptions } from './api-key.ts';
import { faultAt, problemOf } from './problem.ts';

/** An event to store, as a request says it. */
export interface Asked {
  readonly from: Member;
  readonly event: EventBody;
  readonly key: string | undefined;
  readonly epoch: string | undefined;
}

/** Stores an event. Throws a Problem where it is refused. */
export async function publish(operations: Operations, room: string, { from, event, key, epoch }: Asked) {
  const outcome = await operations.publish(room, {
    from,
    event,
    ...(key !== undefined && { key }),
    ...(epoch !== undefined && { epoch }),
  });
  if (!outcome.ok) throw problemOf(outcome.code, outcome.detail, outcome.retryAfterMs);
  return { room, position: outcome.position, at: outcome.at };
}

/** The idempotency key, from wherever it was given. */
export function oneKey(inBody: string | undefined, inHeader: string | undefined): string | undefined {
  if (inBody !== undefined && inHeader !== undefined && inBody !== inHeader)
    throw faultAt('/headers/idempotency-key', 'must be the key of the body, where both are given');
  return inBody ?? inHeader;
}

/** Whom a request without a body speaks for: who is named, else the key. */
export function speakerOf({ user, name }: { readonly user?: string; readonly name?: string }, { id }: ApiKeyOptions): Member {
  return { id: user ?? `api:${id}`, name: name ?? nameOf(user) ?? id };
}

/** An id is a name too where it is short enough. */
function nameOf(id: string | undefined): string | undefined {
  return isName(id, MAX_NAME_LENGTH) ? id : undefined;
}
