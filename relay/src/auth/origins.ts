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
