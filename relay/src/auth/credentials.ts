// Where an upgrade may carry a token: a header, or, since browsers can't set headers there, a subprotocol. Never the URL,
// which ends up in logs. (The native protocol has a third place, its connect frame, which reaches no log at all.)

import { MAX_TOKEN_BYTES } from '@chat-room/sdk/protocol';
import type { Refusal } from './identity.ts';

const BEARER_SUBPROTOCOL = 'bearer.';
const AUTHORIZATION = /^bearer +(\S*) *$/i;

/** The token of an upgrade, if it has one that can be read. */
export type Bearer =
  | { readonly outcome: 'found'; readonly token: string }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/**
 * Reads `Authorization: Bearer …`, or else a subprotocol `bearer.…`, at most 8,192 bytes. What is too long or empty is
 * refused: who meant to bring a token must not become a guest. Names of headers are in lower case.
 */
export function readBearer(headers: ReadonlyMap<string, string>): Bearer {
  const token = AUTHORIZATION.exec(headers.get('authorization') ?? '')?.[1] ?? bearerSubprotocol(headers);
  if (token === undefined) return { outcome: 'none' };
  // A header's characters are bytes: node and uWebSockets.js give one each.
  if (token.length > 0 && token.length <= MAX_TOKEN_BYTES) return { outcome: 'found', token };
  const message = token === '' ? 'The token is empty.' : `The token has more than ${MAX_TOKEN_BYTES} bytes.`;
  return { outcome: 'refused', refusal: { code: 'unauthorized', message } };
}

/**
 * The subprotocols to choose the answer from, in the client's order. One with a token is not among them: it is never
 * answered, so that it is in no response. A browser that offers it must offer another, and gets that one.
 */
export function offeredSubprotocols(headers: ReadonlyMap<string, string>): readonly string[] {
  return subprotocols(headers).filter((name) => !name.startsWith(BEARER_SUBPROTOCOL));
}

function bearerSubprotocol(headers: ReadonlyMap<string, string>): string | undefined {
  return subprotocols(headers)
    .find((name) => name.startsWith(BEARER_SUBPROTOCOL))
    ?.slice(BEARER_SUBPROTOCOL.length);
}

function subprotocols(headers: ReadonlyMap<string, string>): readonly string[] {
  const offered = headers.get('sec-websocket-protocol') ?? '';
  return offered
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
