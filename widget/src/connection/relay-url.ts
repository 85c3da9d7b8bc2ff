/** The relay that serves `script`: `/widget.js` finds its relay by its own URL. Undefined where the script came from no server. */
export function relayOf(script: string): string | undefined {
  const url = URL.canParse('ws', script) ? new URL('ws', script) : undefined;
  return url === undefined ? undefined : toWebSocketUrl(url);
}

/** An address as people write it, as a socket needs it: relative ones and http(s) are fine, and an origin alone means its `/ws`. */
export function toRelayUrl(address: string, base: string): string | undefined {
  return URL.canParse(address, base) ? toWebSocketUrl(new URL(address, base)) : undefined;
}

function toWebSocketUrl(url: URL): string | undefined {
  url.protocol = url.protocol.replace(/^http/u, 'ws');
  url.hash = '';
  if (url.pathname === '/') url.pathname = '/ws';
  return url.protocol === 'ws:' || url.protocol === 'wss:' ? url.href : undefined;
}
