// What every page of the gallery says of its connection, in the badge of its header.
import type { ChatClient } from '@chat-room/sdk';

/** `reconnecting`: it was live, and will be again by itself. `closed`: it will not, and the page has to be told to. */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'closed';

const WORDS: Readonly<Record<ConnectionState, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  closed: 'Not connected',
};

/** Shows it in `#connection`. `why` is for whoever asks the badge. */
export function showConnection(state: ConnectionState, why = ''): void {
  const badge = document.getElementById('connection');
  if (!badge || badge.dataset['state'] === state) return;
  badge.dataset['state'] = state;
  badge.textContent = WORDS[state];
  badge.title = why;
}

/** Shows that of a client of the SDK, from now on. */
export function followClient(client: ChatClient): void {
  let wasLive = false;
  const show = (): void => {
    const { status } = client;
    if (status === 'online') wasLive = true;
    if (status === 'closed') showConnection('closed');
    else if (status === 'online') showConnection('live');
    else showConnection(wasLive ? 'reconnecting' : 'connecting');
  };
  client.on('status', show);
  show();
}
