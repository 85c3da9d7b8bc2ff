// The servers of peers that are programs of a few lines. What a server needs is loaded with it alone, so that its memory is its own.

const SERVERS = {
  bare: async () => (await import('./text-uws.ts')).serveTextUws(),
  'bare-padded': async () => (await import('./padded-uws.ts')).servePaddedUws(),
  ws: async () => (await import('./text-ws.ts')).serveTextWs(),
  'socket.io': async () => (await import('./socket-io.ts')).serveSocketIo(),
} as const;

/** Runs one of the servers, and says on which port it listens. */
export async function serveByName(name: string): Promise<void> {
  if (!(name in SERVERS)) throw new Error(`There is no server ${name}; there are ${Object.keys(SERVERS).join(', ')}.`);
  await SERVERS[name as keyof typeof SERVERS]();
}
