// One case over a socket: says what the case says, and judges what the relay answers.
import { decodeServerFrame } from '@chat-room/sdk/protocol';
import { type Frame, OPCODE, RawSocket } from '../support/raw-socket.ts';
import { type FuzzCase, LAST_ID } from './cases.ts';

/** So much of what was sent is quoted where a request is at fault. */
const MAX_QUOTED = 4_000;

/** What the relay did that it may never do. */
export class FuzzFault extends Error {
  readonly code = 'fuzz_fault';
  constructor(message: string) {
    super(message);
    this.name = 'FuzzFault';
  }
}

/** Plays the case to its end. Rejects with a FuzzFault where the relay says what it must not. */
export async function play(one: FuzzCase, port: number): Promise<void> {
  const socket = await RawSocket.connect(port);
  try {
    if (one.upgrade === undefined) await playHttp(one, socket);
    else await playFrames(one, socket, one.upgrade);
  } catch (error) {
    const sent =
      one.kind === 'http' ? `: ${JSON.stringify(Buffer.concat(one.pieces).toString('latin1').slice(0, MAX_QUOTED))}` : '';
    throw new FuzzFault(`Case ${one.number} (${one.kind}): ${(error as Error).message}${sent}`);
  } finally {
    // A reset leaves nothing behind: an orderly end would keep each address for a minute.
    socket.reset();
  }
}

async function playHttp({ pieces }: FuzzCase, socket: RawSocket): Promise<void> {
  for (const piece of pieces) void socket.write(piece);
  socket.end();
  for (;;) {
    const { status } = await socket.response();
    if (status === 0 || status === 101) return;
    if (status === 500) throw new FuzzFault('The relay answered 500.');
  }
}

async function playFrames({ kind, pieces }: FuzzCase, socket: RawSocket, upgrade: string): Promise<void> {
  void socket.write(upgrade);
  const { status } = await socket.response();
  if (status !== 101) throw new FuzzFault(`The relay answered a good request for a WebSocket with ${status}.`);
  for (const piece of pieces) void socket.write(piece);
  if (kind !== 'messages') socket.end();
  for (;;) {
    const frame = await socket.frame();
    if (frame === undefined || frame.opcode === OPCODE.close) return;
    if (judge(frame, kind) === 'last') return;
  }
}

/** Throws where the relay says what is no frame of its protocol, or that it failed. */
function judge({ opcode, payload }: Frame, kind: FuzzCase['kind']): 'last' | 'more' {
  if (opcode === OPCODE.pong || opcode === OPCODE.ping) return 'more';
  if (opcode !== OPCODE.text) throw new FuzzFault(`The relay sent a frame of opcode ${opcode}.`);
  if (kind === 'plain') return judgePlain(payload.toString());
  const said = decodeServerFrame(payload.toString());
  if (said === undefined) throw new FuzzFault(`The relay said what is no frame: ${payload.toString().slice(0, 200)}`);
  if (said.type === 'error' && said.code === 'internal') throw new FuzzFault('The relay failed inside: internal.');
  return 'id' in said && said.id === LAST_ID ? 'last' : 'more'; // a pong, or a refusal where it never got in
}

function judgePlain(text: string): 'more' {
  const said = JSON.parse(text) as { readonly message?: unknown; readonly error?: { readonly code?: unknown } };
  if (said.error?.code === 'internal') throw new FuzzFault('The relay failed inside: internal.');
  if (typeof said.message !== 'string' && typeof said.error?.code !== 'string')
    throw new FuzzFault(`The relay said what is no message: ${text.slice(0, 200)}`);
  return 'more';
}
