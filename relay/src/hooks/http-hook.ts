// The hook before publishes as an HTTP endpoint: a POST of `{ room, from, event, key }`, signed like a webhook, answered
// with `{ verdict: "pass" }`, `{ verdict: "change", event }` or `{ verdict: "refuse", message? }`, and status 200.
//
// The endpoint is the operator's own: addresses inside their network are allowed. Redirects are not followed.

import { boundedFetch } from '../auth/bounded-fetch.ts';
import type { BeforePublish, PublishVerdict } from '../operations.ts';
import { idOf, Signer } from '../webhooks/signer.ts';

export interface HttpHookTarget {
  readonly url: string;
  /** `whsec_` and base64 each: requests are signed with all of them. Default: none, and no signature. */
  readonly secrets?: readonly string[];
}

const MAX_ANSWER_BYTES = 65_536;

/** A hook that asks the endpoint. It rejects where that gives no verdict. `now` is milliseconds since 1970. */
export function httpHook({ url, secrets = [] }: HttpHookTarget, now: () => number = Date.now): BeforePublish {
  const signer = new Signer(secrets);
  return async ({ room, from, event, key }, signal) => {
    const body = JSON.stringify({ room, from, event, key });
    // One id for a publish however often it is repeated: who has answered it may answer from memory.
    const id = idOf('pub', JSON.stringify([room, from.id, key, event]));
    const response = await boundedFetch(
      url,
      { method: 'POST', headers: { ...signer.headers(id, now(), body), accept: 'application/json' }, body, signal },
      MAX_ANSWER_BYTES,
    );
    if (response.status !== 200) throw new Error(`it answers ${response.status}`);
    return readVerdict(await response.text());
  };
}

/** Throws where the answer is no verdict. Whether a changed event is one is looked at elsewhere, whoever changed it. */
function readVerdict(text: string): PublishVerdict {
  const answer = parse(text) as { readonly verdict?: unknown; readonly event?: unknown; readonly message?: unknown } | null;
  const { verdict, event, message = 'refused' } = answer ?? {};
  if (verdict === 'pass') return { verdict };
  if (verdict === 'change') return { verdict, event: event as Extract<PublishVerdict, { readonly verdict: 'change' }>['event'] };
  if (verdict !== 'refuse' || typeof message !== 'string') throw new Error('it answers with something that is no verdict');
  return { verdict, code: 'forbidden', message };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it answers with something that is no JSON');
  }
}
