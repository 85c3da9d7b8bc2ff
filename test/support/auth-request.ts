// Requests to speak for somebody, and what authenticators make of them.

import type { Authentication, Authenticator, AuthRequest, Identity } from '../../relay/src/auth/identity.ts';

export function authRequest({
  headers = {},
  ...rest
}: Partial<Omit<AuthRequest, 'headers'>> & { headers?: Record<string, string> }): AuthRequest {
  const request = { route: '/ws', path: '/ws', query: '', remoteAddress: '127.0.0.1' };
  return { ...request, headers: new Map(Object.entries(headers)), ...rest };
}

/** What an authenticator makes of a token, in a few words: `ada`, `unauthorized: The token has expired.` */
export async function verdict(authenticate: Authenticator, token: string): Promise<string> {
  return inWords(await authenticate(authRequest({ token })));
}

export function inWords(answer: Authentication): string {
  if (answer.outcome === 'identified') return answer.identity.member.id;
  return answer.outcome === 'refused' ? `${answer.refusal.code}: ${answer.refusal.message}` : answer.outcome;
}

/** Whom it identifies; throws where it does not. */
export function identityOf<Claims>(answer: Authentication<Claims>): Identity<Claims> {
  if (answer.outcome !== 'identified') throw new Error(inWords(answer));
  return answer.identity;
}
