import { toRoomName } from '@chat-room/sdk/protocol';
import { roomOfPage } from './page-room.ts';
import { relayOf, toRelayUrl } from './relay-url.ts';
import type { ClientHandle, Identity } from './room-handle.ts';

/** Which room, and through what: a client that the page gave, or an identity to make one for. Neither: no relay is known. */
export interface Selection {
  readonly room: string;
  readonly client: ClientHandle | undefined;
  readonly identity: Identity | undefined;
  /** The relay's WebSocket, as far as it is known: also where a client of the page's own is used. */
  readonly relay: string | undefined;
}

/** What an element says of itself. Empty texts stand for the defaults. */
export interface Choice extends Omit<Identity, 'url'> {
  readonly room: string;
  readonly relay: string;
  readonly client: ClientHandle | undefined;
  /** Address of the script that the page loaded. */
  readonly script: string;
}

/** What the element means, with this page and this script as the defaults. */
export function select({ room, relay, client, name, token, getToken, script }: Choice): Selection {
  const url = relay === '' ? relayOf(script) : toRelayUrl(relay, document.baseURI);
  const identity = client === undefined && url !== undefined ? { url, name, token, getToken } : undefined;
  return { room: (room === '' ? roomOfPage(document) : toRoomName(room)) ?? room, client, identity, relay: url };
}

export function isSameSelection(a: Selection | undefined, b: Selection | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.room !== b.room || a.client !== b.client) return false;
  if (a.identity === undefined || b.identity === undefined) return a.identity === b.identity;
  return isSameIdentity(a.identity, b.identity);
}

export function isSameIdentity(a: Identity, b: Identity): boolean {
  return a.url === b.url && a.name === b.name && a.token === b.token && a.getToken === b.getToken;
}
