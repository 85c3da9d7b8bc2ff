// Which room a page means when it names none, and what to call a room in front of people.
import { isRoomName, toRoomName } from '@chat-room/sdk/protocol';

interface Page {
  readonly location: { readonly href: string };
  querySelector(selectors: string): Element | null;
}

/** The page's canonical URL as a room name, so that every visitor of one article meets in one room. */
export function roomOfPage(page: Page): string | undefined {
  const link = page.querySelector('link[rel~="canonical"][href]')?.getAttribute('href') ?? '';
  return roomOfUrl(link, page.location.href) ?? roomOfUrl(page.location.href);
}

/** Query and fragment tell visits apart, not pages; a canonical URL keeps its query. */
export function roomOfUrl(address: string, base?: string): string | undefined {
  if (address === '') return undefined;
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (url === undefined) return undefined;
  const query = base === undefined ? '' : url.search;
  const name = decoded(`${url.origin === 'null' ? `${url.protocol}//` : url.origin}${url.pathname}`) + query;
  return toRoomName(name) ?? shortened(name);
}

/** Too long a URL keeps its beginning, and a hash of the whole keeps it apart from its neighbours. */
function shortened(name: string): string | undefined {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash, 31) + name.charCodeAt(i);
  const start = Array.from(name.normalize('NFC')).slice(0, 90).join('').trim();
  const candidate = `${start}~${(hash >>> 0).toString(36)}`;
  return isRoomName(candidate) ? candidate : undefined;
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** A room named after a page is called by the address without what nobody says aloud. */
export function titleOf(room: string): string {
  return room.replace(/^https?:\/\/(www\.)?/u, '').replace(/\/$/u, '');
}
