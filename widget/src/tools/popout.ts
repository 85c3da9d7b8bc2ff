import type { Selection } from '../connection/selection.ts';

const FEATURES = 'popup,width=420,height=680';

/** Where the relay has a page for this room. Undefined for a chat whose identity can't be handed to another window. */
export function windowUrl({ room, identity }: Selection): string | undefined {
  if (identity === undefined || identity.token !== '' || identity.getToken !== undefined) return undefined;
  const url = new URL(`chat/${encodeURIComponent(room)}/`, identity.url.replace(/^ws/u, 'http'));
  if (identity.name !== '') url.hash = new URLSearchParams({ name: identity.name }).toString();
  return url.href;
}

/** Opens that page in a small window; the one that is open already where there is one. False where the browser blocks it. */
export function openWindow(url: string): boolean {
  const view = window.open(url, url, FEATURES);
  view?.focus();
  return view !== null;
}
