import type { HttpRequest } from '../adapter/adapter.ts';
import { OptionError } from '../options.ts';
import type { Authenticator } from './identity.ts';

/**
 * Throws an OptionError where sessions are believed by their cookies and any page may connect: a browser sends the cookie
 * whichever page asks it to, so that a foreign one could chat in its visitor's name.
 */
export function checkOrigins({ usesCookies = false }: Authenticator, origins: readonly string[]): void {
  if (!usesCookies || !origins.includes('*')) return;
  throw new OptionError('Session cookies need the origins whose pages may connect: list them in --origins instead of *.');
}

/** Programs send no origin, and a relay's own pages always may; others as the operator says. */
export function isOriginAllowed({ headers }: Pick<HttpRequest, 'headers'>, origins: readonly string[]): boolean {
  const origin = headers.get('origin');
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}
