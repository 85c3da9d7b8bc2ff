// Tokens as an application would make them, for a relay that shares the secret.

import { SignJWT } from 'jose';

export const TOKEN_SECRET = 'a secret of the application and its relay, long enough';

export interface TokenClaims {
  readonly sub: string;
  readonly name?: string;
  /** Seconds since 1970. */
  readonly exp: number;
  readonly rooms?: Readonly<Record<string, string | readonly string[]>>;
}

export function tokenFor({ sub, exp, ...claims }: TokenClaims): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime(exp)
    .sign(new TextEncoder().encode(TOKEN_SECRET));
}
