// Requests as browsers, monitors and servers make them, and a few that are nobody's: what the fuzzer mutates of HTTP.
import { API_KEY, EPOCH } from './placeholders.ts';

const HEAD = 'host: chat.example.com\r\nuser-agent: fuzz\r\naccept: */*\r\n';
const KEY = `authorization: Bearer ${API_KEY}\r\n`;

/** Each is whole; all but one, which has two lengths, are answered as they stand. */
export const REQUESTS: readonly string[] = [
  get('/'),
  get('/chat/', 'accept-encoding: gzip, br\r\n'),
  get('/chat/%E5%A4%A7%E5%BB%B3/?name=Ada&x[]=1#fragment'),
  get('/widget.js', 'if-none-match: "abc", W/"def"\r\norigin: https://example.com\r\n'),
  get('/widget.js', 'range: bytes=0-9,20-,-5\r\n'),
  get('/healthz'),
  get('/readyz'),
  get('/metrics'),
  get('/files/'),
  get('/files/AAAAAAAAAAAAAAAAAAAAAA/notes.txt', 'range: bytes=-1\r\n'),
  get('/api/v1/openapi.json'),
  get('/api/v1/rooms?limit=10&after=lobby', KEY),
  get('/api/v1/rooms/lobby', KEY),
  get('/api/v1/rooms/lobby/events?limit=5&before=100', KEY),
  get('/api/v1/rooms/lobby/members?limit=5', KEY),
  get('/api/v1/rooms/lobby/sanctions?limit=5', KEY),
  withBody('POST', '/api/v1/rooms/lobby/events', KEY, {
    user: { id: 'bot-1', name: 'Bot' },
    event: { type: 'message', text: 'built' },
    key: 'build-1',
  }),
  withBody('POST', '/api/v1/rooms/lobby/events', KEY, {
    user: { id: 'bot-1', name: 'Bot' },
    epoch: EPOCH,
    event: { type: 'reaction', target: 1, reaction: '👍', action: 'add' },
  }),
  withBody('POST', '/api/v1/rooms/lobby/mutes', KEY, { member: { id: 'g_1', name: 'G' }, by: { id: 'bot', name: 'Bot' } }),
  withBody('PUT', '/files/AAAAAAAAAAAAAAAAAAAAAA/notes.txt', 'authorization: Bearer a.b.c\r\n', { not: 'a file' }),
  `OPTIONS /files/a/b HTTP/1.1\r\n${HEAD}origin: https://example.com\r\naccess-control-request-method: PUT\r\n\r\n`,
  `HEAD /sdk.js HTTP/1.1\r\n${HEAD}\r\n`,
  `DELETE /chat/lobby/ HTTP/1.1\r\n${HEAD}content-length: 0\r\n\r\n`,
  `POST /api/v1/rooms HTTP/1.1\r\n${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  `POST /api/v1/rooms HTTP/1.1\r\n${HEAD}content-length: 0\r\ncontent-length: 39\r\n\r\nGET /healthz HTTP/1.1\r\n${HEAD}\r\n`,
  upgrade('/ws', 'sec-websocket-protocol: chat-room.v1\r\n'),
  upgrade('/ws', 'sec-websocket-protocol: chat-room.v1, bearer.a.b.c\r\nsec-websocket-extensions: permessage-deflate\r\n'),
  upgrade('/ws/chat/lobby/?name=Ada', 'origin: https://example.com\r\ncookie: sid=1; other="a b"\r\n'),
  upgrade('/ws/nowhere', 'authorization: Bearer x\r\n'),
];

function get(target: string, headers = ''): string {
  return `GET ${target} HTTP/1.1\r\n${HEAD}${headers}\r\n`;
}

function withBody(method: string, target: string, headers: string, body: object): string {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  return `${method} ${target} HTTP/1.1\r\n${HEAD}${headers}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${text}`;
}

function upgrade(target: string, headers: string): string {
  const asked =
    'upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  return `GET ${target} HTTP/1.1\r\n${HEAD}${asked}${headers}\r\n`;
}
