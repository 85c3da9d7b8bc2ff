// Bytes in, what came of them out: one case of RFC 6455 against an adapter that echoes every message.
import { AdapterRig, type RigTransport } from './adapter-rig.ts';
import { frame, OPCODE, type RawSocket } from './raw-socket.ts';

/** The largest message that the echo takes. */
export const MAX_ECHO_BYTES = 65_536;

const NAMES = new Map<number, string>(Object.entries(OPCODE).map(([name, opcode]) => [opcode, name]));
/** Sent behind each case: its echo says that the connection lives, and that nothing more comes of the case. */
const SENTINEL = 'the case ends here';

/** What the peer saw, frame by frame, such as `text hello`, `pong `, and last `open`, `ended`, or `closed 1002`. */
export type Outcome = readonly string[];

/** An adapter that sends every message back as it came. */
export function startEcho(transport: RigTransport): Promise<AdapterRig> {
  return AdapterRig.start(transport, {
    options: { maxMessageBytes: MAX_ECHO_BYTES },
    handlers: { text: (socket, text) => void socket.send(text), binary: (socket, bytes) => void socket.send(bytes) },
  });
}

/** Sends the pieces, each in a write of its own, and a sentinel behind them. */
export async function outcomeOf(client: RawSocket, pieces: readonly Uint8Array[]): Promise<Outcome> {
  for (const piece of pieces) await client.write(piece);
  await client.send(SENTINEL);
  const seen: string[] = [];
  for (;;) {
    const next = await client.frame();
    if (next === undefined) return [...seen, 'ended'];
    const name = NAMES.get(next.opcode) ?? `opcode ${next.opcode}`;
    if (name === 'text' && next.payload.equals(Buffer.from(SENTINEL))) return [...seen, 'open'];
    if (name === 'close') return [...seen, next.payload.length < 2 ? 'closed' : `closed ${next.payload.readUInt16BE(0)}`];
    seen.push(`${name} ${name === 'binary' ? next.payload.toString('hex') : next.payload}`);
  }
}

/** How a violation ends: `ws` says which, uWebSockets.js cuts the connection, and RFC 6455 (7.1.7) allows either. */
export function violated(transport: RigTransport, code: number): string {
  return transport === 'ws' ? `closed ${code}` : 'ended';
}

/** Somebody else is still served, and the adapter has nothing to complain of. */
export async function servesOthers(rig: AdapterRig): Promise<boolean> {
  const { client } = await rig.open('/somebody-else');
  await client.write(frame(OPCODE.text, 'served?'));
  return (await client.text()) === 'served?' && rig.errors.length === 0;
}
