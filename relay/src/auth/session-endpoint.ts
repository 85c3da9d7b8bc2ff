// Asks the user's own web application over HTTP whose a session is: a GET that carries the cookie, as a browser's would.

import { createHash } from 'node:crypto';
import { OptionError } from '../options.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { Authentication, RoomGrant } from './identity.ts';
import { refused } from './identity.ts';
import { readIdentity } from './vouched-identity.ts';

/**
 * An address that answers 200 with `{ id, name?, grants?, expiresAt? }`, or 401, 403 or 404 where the session is nobody's.
 * Whatever else it answers, or nothing, means that nobody could be asked. `grants` is `{ "team-*": ["read", "write"] }`,
 * `expiresAt` milliseconds since 1970; the whole answer becomes the identity's claims.
 */
export interface SessionEndpoint {
  readonly url: string;
  /** Default 3,000. */
  readonly timeoutMs?: number;
  /** For how long an answer may be used again: so long a session that ended goes on. Default 0: not at all. */
  readonly cacheMs?: number;
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly now?: () => number;
}

const TIMEOUT_MS = 3_000;
const MAX_ANSWER_BYTES = 65_536;
/** Answers that are kept. Beyond it the oldest goes. */
const MAX_CACHED = 10_000;
const REFUSALS: readonly number[] = [401, 403, 404];

/** How to ask the endpoint. Throws an OptionError where it is no HTTP address. */
export function askEndpoint<Claims>(
  endpoint: SessionEndpoint,
  cookie: string,
  defaults: readonly RoomGrant[],
): (value: string) => Promise<Authentication<Claims>> {
  const { url, timeoutMs = TIMEOUT_MS, cacheMs = 0, now = Date.now } = endpoint;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new OptionError(`Sessions can't be asked about at ${JSON.stringify(url)}: it takes an http or https URL.`);
  const cache = new AnswerCache<Claims>(cacheMs, now);

  return async (value) => {
    const known = cache.get(value);
    if (known) return known;
    const answer = await attempt(async () => {
      const headers = { accept: 'application/json', cookie: `${cookie}=${value}` };
      return identify<Claims>(
        await boundedFetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) }, MAX_ANSWER_BYTES),
        defaults,
      );
    });
    if (answer.outcome === 'identified') cache.set(value, answer);
    return answer;
  };
}

async function attempt<Claims>(ask: () => Promise<Authentication<Claims>>): Promise<Authentication<Claims>> {
  try {
    return await ask();
  } catch (cause) {
    return refused('unavailable', 'Nobody could be asked just now whose the session is.', cause);
  }
}

/** Throws where the answer says nothing. */
async function identify<Claims>(response: Response, defaults: readonly RoomGrant[]): Promise<Authentication<Claims>> {
  if (REFUSALS.includes(response.status)) return refused('unauthorized', 'The session is unknown, or has ended.');
  if (response.status !== 200) throw new Error(`the session endpoint answered ${response.status}`);
  const claims = (await response.json()) as Record<string, unknown> | null;
  const { id, name, grants, expiresAt } = claims ?? {};
  if (expiresAt !== undefined && !Number.isSafeInteger(expiresAt)) throw new TypeError('expiresAt: not a whole number');
  const end = expiresAt as number | undefined;
  const reading = readIdentity({ id, names: [name], grants, expiresAt: end, claims: claims as Claims }, defaults);
  if (!reading.ok) throw new TypeError(`${reading.field}: ${reading.reason}`);
  return { outcome: 'identified', identity: reading.identity };
}

interface Cached<Claims> {
  readonly answer: Authentication<Claims>;
  readonly until: number;
}

/** Remembers whose sessions are, for a short time. It keeps no session, only its hash. */
class AnswerCache<Claims> {
  readonly #forMs: number;
  readonly #now: () => number;
  readonly #answers = new Map<string, Cached<Claims>>();

  constructor(forMs: number, now: () => number) {
    this.#forMs = forMs;
    this.#now = now;
  }

  get(session: string): Authentication<Claims> | undefined {
    if (this.#forMs === 0) return undefined;
    const known = this.#answers.get(hash(session));
    return known && known.until > this.#now() ? known.answer : undefined;
  }

  set(session: string, answer: Authentication<Claims>): void {
    if (this.#forMs === 0) return;
    const key = hash(session);
    this.#answers.delete(key); // so that it is the newest
    this.#answers.set(key, { answer, until: this.#now() + this.#forMs });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_CACHED && oldest !== undefined) this.#answers.delete(oldest);
  }
}

function hash(session: string): string {
  return createHash('sha256').update(session).digest('base64');
}
