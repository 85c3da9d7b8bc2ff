// What each server wants to hear before it takes publishes, and what a publish looks like. Nothing here is in the hot path
// but the template of a publish.

import { payloadTemplate } from './payload.ts';

export const DIALECT_NAMES = ['chat-room', 'text', 'json', 'socket.io', 'django'] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

/** A name of fixed width, so that all frames of a run have one length. */
export const roomName = (room: number): string => `bench-${String(room).padStart(6, '0')}`;

/** Where a connection left a room, to be told of what it missed. */
export interface ResumePoint {
  readonly epoch: string;
  readonly offset: number;
}

/** One connection that is being opened: its rooms, and how far it has come. The dialect keeps what it needs in it. */
export interface Opening {
  readonly rooms: readonly number[];
  /** Where it left its room, when it comes back. */
  readonly resume?: ResumePoint;
  /** What the server gave it to come back with. */
  readonly credential?: string;
  awaited: number;
}

/** What a frame that came while opening means. */
export type OpeningStep =
  | { readonly type: 'wait' }
  | { readonly type: 'send'; readonly frames: readonly string[] }
  | { readonly type: 'joined' };

export interface Dialect {
  path(rooms: readonly number[]): string;
  readonly subprotocol?: string;
  /** What is to be done as soon as the socket is a WebSocket. */
  open(opening: Opening): OpeningStep;
  /** What a text means that came before it had joined. */
  read(opening: Opening, text: string): OpeningStep;
  /** A publish, for FrameTemplate. */
  publish(padBytes: number): string;
  /** A text that asks whether the client is there, and the answer. */
  readonly heartbeat?: { readonly ask: string; readonly answer: string };
}

const WAIT: OpeningStep = { type: 'wait' };
const JOINED: OpeningStep = { type: 'joined' };
const fixedRoom = 'bench-%r';

const chatRoom: Dialect = {
  path: () => '/ws',
  subprotocol: 'chat-room.v1',
  open: (opening) => {
    const { rooms, resume: position, credential: resume } = opening;
    opening.awaited = rooms.length;
    const joins = rooms.map((room, index) => JSON.stringify({ type: 'join', id: index + 2, room: roomName(room), position }));
    return { type: 'send', frames: [JSON.stringify({ type: 'connect', id: 1, version: 1, resume }), ...joins] };
  },
  read: (opening, text) => {
    if (text.startsWith('{"type":"error"')) throw new Error(`The relay refused to open a connection: ${text}`);
    if (text.startsWith('{"type":"joined"')) opening.awaited -= 1;
    return opening.awaited === 0 ? JOINED : WAIT;
  },
  publish: (padBytes) =>
    `{"type":"publish","id":1%s,"room":"${fixedRoom}","key":"k%s","event":{"type":"message","text":"${payloadTemplate(padBytes)}"}}`,
};

/** The text itself, in a room that is the path: a bare broadcast. */
const text: Dialect = {
  path: ([room = 0]) => `/${roomName(room)}`,
  open: () => JOINED,
  read: () => JOINED,
  publish: payloadTemplate,
};

/** `{"message": …}` in a room that is the path. */
const json: Dialect = {
  ...text,
  publish: (padBytes) => `{"message":"${payloadTemplate(padBytes)}"}`,
};

/** Socket.IO 5 over Engine.IO 4, WebSocket only. */
const socketIo: Dialect = {
  path: () => '/socket.io/?EIO=4&transport=websocket',
  open: (opening) => {
    opening.awaited = opening.rooms.length;
    return WAIT;
  },
  read: (opening, frame) => {
    if (frame.startsWith('0{')) return { type: 'send', frames: ['40'] };
    if (frame.startsWith('40'))
      return { type: 'send', frames: opening.rooms.map((room, index) => `42${index}["join","${roomName(room)}"]`) };
    if (frame.startsWith('43')) opening.awaited -= 1;
    return opening.awaited === 0 ? JOINED : WAIT;
  },
  publish: (padBytes) => `42["message","${fixedRoom}","${payloadTemplate(padBytes)}"]`,
  heartbeat: { ask: '2', answer: '3' },
};

/** The tutorial's consumer: the room is in the path, and the group is joined before the handshake is answered. */
const django: Dialect = {
  ...json,
  path: ([room = 0]) => `/ws/chat/${roomName(room)}/`,
};

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  'chat-room': chatRoom,
  text,
  json,
  'socket.io': socketIo,
  django,
};
