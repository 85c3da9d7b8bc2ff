import type { Authentication, Authenticator, AuthRequest } from './identity.ts';
import { refused } from './identity.ts';

/**
 * Asks one authenticator after the other until one does not abstain; where all do, the request is refused. Answers at once
 * where all that were asked did.
 */
export function firstOf<Claims>(...authenticators: readonly Authenticator<Claims>[]): Authenticator<Claims> {
  const ask = (request: AuthRequest, index: number): ReturnType<Authenticator<Claims>> => {
    const authenticator = authenticators[index];
    if (!authenticator) return refuse(request);
    const answer = authenticator(request);
    if (!('outcome' in answer)) return answer.then((later) => goOn(later, request, index));
    return goOn(answer, request, index);
  };
  const goOn = (answer: Authentication<Claims>, request: AuthRequest, index: number) =>
    answer.outcome === 'abstained' ? ask(request, index + 1) : answer;
  const usesCookies = authenticators.some((authenticator) => authenticator.usesCookies);
  return Object.assign((request: AuthRequest) => ask(request, 0), { usesCookies });
}

function refuse({ token }: AuthRequest): Authentication<never> {
  return refused('unauthorized', token === undefined ? 'A token is needed here.' : 'Tokens are of no use here.');
}
