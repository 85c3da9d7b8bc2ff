// Which consumer a WebSocket request gets, or why it gets none.

import { isName, isRoomName, MAX_NAME_LENGTH, SUBPROTOCOL } from '@chat-room/sdk/protocol';
import type { HttpRequest, UpgradeDecision } from './adapter/adapter.ts';
import type { ConnectionConsumer } from './consumer.ts';
import { textResponse } from './http/responses.ts';
import { NativeConnection } from './native/native-connection.ts';
import { PlainConnection } from './plain/plain-connection.ts';
import type { Services } from './services.ts';

const PLAIN_PATH = /^\/ws\/chat\/(.+?)\/?$/;

/** Decides an upgrade by origin and path. */
export function decideUpgrade(
  request: HttpRequest,
  origins: readonly string[],
  services: Services,
): UpgradeDecision<ConnectionConsumer> {
  if (services.isDraining()) return refuse(503, 'The relay is going down; come back in a moment.\n');
  if (!isOriginAllowed(request, origins))
    return refuse(403, 'Pages of this origin may not connect to this relay (see --origins).\n');
  if (request.path === '/ws') return acceptNative(request, services);
  const plain = PLAIN_PATH.exec(request.path);
  return plain ? acceptPlain(request, plain[1] ?? '', services) : refuse(404, 'There is no WebSocket at this address.\n');
}

function acceptNative(request: HttpRequest, services: Services): UpgradeDecision<ConnectionConsumer> {
  const offered = (request.headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
  if (offered[0] !== '' && !offered.includes(SUBPROTOCOL))
    return refuse(400, `This address speaks the subprotocol ${SUBPROTOCOL}.\n`);
  // A client that names no subprotocol must not be answered with one; it is served all the same.
  const subprotocol = offered[0] === '' ? {} : { subprotocol: SUBPROTOCOL };
  return { accept: true, context: new NativeConnection(services), ...subprotocol };
}

function acceptPlain(request: HttpRequest, encodedRoom: string, services: Services): UpgradeDecision<ConnectionConsumer> {
  const room = decoded(encodedRoom);
  if (!isRoomName(room)) return refuse(400, 'That is not a valid room name.\n');
  const name = new URLSearchParams(request.query).get('name')?.trim() || undefined;
  if (name !== undefined && !isName(name, MAX_NAME_LENGTH)) return refuse(400, 'That is not a valid name.\n');
  return { accept: true, context: new PlainConnection(services, room, name) };
}

/** Programs send no origin, and a relay's own pages always may; others as the operator says. */
function isOriginAllowed({ headers }: HttpRequest, origins: readonly string[]): boolean {
  const origin = headers.get('origin');
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function refuse(status: number, body: string): UpgradeDecision<ConnectionConsumer> {
  return { accept: false, response: textResponse(status, body) };
}
