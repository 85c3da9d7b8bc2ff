// Sessions of the user's own web application, known by its cookie: a function of theirs says whose a session is, or an
// address of theirs (session-endpoint.ts).

import { MAX_TOKEN_BYTES } from '@chat-room/sdk/protocol';
import { OptionError } from '../options.ts';
import type { Authentication, Authenticator, AuthRequest, RoomGrant } from './identity.ts';
import { ABSTAINED, refused } from './identity.ts';
import { checkGrants, DEFAULT_GRANTS } from './permissions.ts';
import type { SessionEndpoint } from './session-endpoint.ts';
import { askEndpoint } from './session-endpoint.ts';
import { readIdentity } from './vouched-identity.ts';

/** Whose a session is. */
export interface SessionUser<Claims = unknown> {
  readonly id: string;
  /** Default: the id. */
  readonly name?: string;
  /** Default: the `grants` of the options. */
  readonly grants?: readonly RoomGrant[];
  /** Milliseconds since 1970. Default: it lasts as long as the connection. */
  readonly expiresAt?: number;
  readonly claims?: Claims;
}

/** Says whose a session is; undefined where it is nobody's. `value` is the cookie's, as the browser sent it. */
export type ResolveSession<Claims = unknown> = (
  value: string,
  request: AuthRequest,
) => SessionUser<Claims> | undefined | Promise<SessionUser<Claims> | undefined>;

export interface SessionCookieOptions<Claims = unknown> {
  /** The cookie's name. */
  readonly cookie: string;
  readonly resolve: ResolveSession<Claims> | SessionEndpoint;
  /** What a session that names no rooms allows. Default: read and write in every room. */
  readonly grants?: readonly RoomGrant[];
}

const COOKIE_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Takes sessions for members, by their cookie. Abstains where the cookie is absent. Since browsers send cookies whichever
 * page asks them to, the relay then needs a list of `--origins`, and refuses `*`. Throws an OptionError.
 */
export function sessionCookie<Claims = unknown>(options: SessionCookieOptions<Claims>): Authenticator<Claims> {
  const { cookie, resolve } = options;
  if (!COOKIE_NAME.test(cookie)) throw new OptionError(`${JSON.stringify(cookie)} is no name of a cookie.`);
  const grants = checkGrants(options.grants ?? DEFAULT_GRANTS);
  const ask = typeof resolve === 'function' ? askFunction(resolve, grants) : askEndpoint<Claims>(resolve, cookie, grants);
  const authenticate = (request: AuthRequest): ReturnType<Authenticator<Claims>> => {
    const value = cookieValue(request.headers.get('cookie') ?? '', cookie);
    if (value === undefined) return ABSTAINED;
    if (value.length > MAX_TOKEN_BYTES) return refused('unauthorized', `The session has more than ${MAX_TOKEN_BYTES} bytes.`);
    return ask(value, request);
  };
  return Object.assign(authenticate, { usesCookies: true });
}

/** Answers at once where the function does. */
function askFunction<Claims>(resolve: ResolveSession<Claims>, defaults: readonly RoomGrant[]) {
  return (value: string, request: AuthRequest): ReturnType<Authenticator<Claims>> => {
    const user = resolve(value, request);
    return user instanceof Promise ? user.then((later) => identify(later, defaults)) : identify(user, defaults);
  };
}

function identify<Claims>(user: SessionUser<Claims> | undefined, defaults: readonly RoomGrant[]): Authentication<Claims> {
  if (user === undefined) return refused('unauthorized', 'The session is unknown, or has ended.');
  const { id, name, grants, expiresAt, claims } = user;
  const reading = readIdentity({ id, names: [name], grants, expiresAt, claims: claims as Claims }, defaults);
  if (reading.ok) return { outcome: 'identified', identity: reading.identity };
  // Whoever resolves sessions is at fault, not who brings one: a rejection is logged, and tells the client to come back.
  throw new TypeError(`The session's ${reading.field} can't be used: ${reading.reason}.`);
}

/** The first cookie of that name. */
function cookieValue(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
