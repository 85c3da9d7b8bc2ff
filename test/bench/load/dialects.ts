// What each server wants to hear before it takes publishes, and what a publish looks like. Nothing here is in the hot path
// but the template of a publish.

import { payloadTemplate } from './payload.ts';

export const DIALECT_NAMES = ['chat-room', 'text', 'json', 'socket.io', 'django'] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

/** A name of fixed width, so that all frames of a run have one length. */
const roomName = (room: number): string => `bench-${String(room).padStart(6, '0')}`;

/** What a connection comes back with, to be told what it missed. */
export interface Resume {
  /** Whom it speaks for. */
  credential?: string;
  /** Which life of the log it was in, and how far it had come at the time it joined. */
  epoch?: string;
  joinedAt?: number;
  /** How far it has come. */
  offset?: number | string;
}

/** One connection that is being opened: its rooms, and how far it has come. */
export interface Opening {
  readonly rooms: readonly number[];
  /** What it comes back with, if it was there before. */
  readonly resume?: Resume;
  /** What the server gives it to come back with another time; only where that is wanted. */
  readonly keep?: Resume;
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
  /** Asks for what a connection missed beyond what it was told when it came back. */
  askMore?(room: number, resume: Resume, after: number): string;
  /** Reads how far a delivery brings a connection, where that is more than one further; `at` is where its text ends. */
  readOffset?(bytes: Buffer, at: number): string;
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
    const { rooms, resume } = opening;
    const { credential, epoch, offset } = resume ?? {};
    const position = epoch === undefined ? undefined : { epoch, offset };
    opening.awaited = rooms.length;
    const joins = rooms.map((room, index) => JSON.stringify({ type: 'join', id: index + 2, room: roomName(room), position }));
    return { type: 'send', frames: [JSON.stringify({ type: 'connect', id: 1, version: 1, resume: credential }), ...joins] };
  },
  read: (opening, text) => {
    if (text.startsWith('{"type":"error"')) throw new Error(`The relay refused to open a connection: ${text}`);
    if (opening.keep) keepPosition(opening.keep, text);
    if (text.startsWith('{"type":"joined"')) opening.awaited -= 1;
    return opening.awaited === 0 ? JOINED : WAIT;
  },
  askMore: (room, { epoch }, after) =>
    JSON.stringify({ type: 'history', id: 100, room: roomName(room), epoch, after, limit: 200 }),
  publish: (padBytes) =>
    `{"type":"publish","id":1%s,"room":"${fixedRoom}","key":"k%s","event":{"type":"message","text":"${payloadTemplate(padBytes)}"}}`,
};

function keepPosition(keep: Resume, text: string): void {
  const credential = /"resume":"([^"]+)"/.exec(text)?.[1];
  const position = /"position":\{"epoch":"([^"]+)","offset":(\d+)/.exec(text);
  if (credential !== undefined) keep.credential = credential;
  if (position?.[1] === undefined) return;
  keep.epoch = position[1];
  keep.joinedAt = Number(position[2]);
}

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

const QUOTE = 0x22;

function socketIoConnect(resume: Resume | undefined): string {
  const { credential: pid, offset } = resume ?? {};
  return pid === undefined ? '40' : `40${JSON.stringify({ pid, offset })}`;
}

/** Socket.IO 5 over Engine.IO 4, WebSocket only. */
const socketIo: Dialect = {
  path: () => '/socket.io/?EIO=4&transport=websocket',
  open: (opening) => {
    opening.awaited = opening.rooms.length;
    return WAIT;
  },
  read: (opening, frame) => {
    const { rooms, resume, keep } = opening;
    if (frame.startsWith('0{')) return { type: 'send', frames: [socketIoConnect(resume)] };
    if (frame.startsWith('40')) {
      const pid = /"pid":"([^"]+)"/.exec(frame)?.[1];
      if (pid !== undefined && pid === resume?.credential) return JOINED; // recovered, with its rooms
      if (keep && pid !== undefined) keep.credential = pid;
      return { type: 'send', frames: rooms.map((room, index) => `42${index}["join","${roomName(room)}"]`) };
    }
    if (frame.startsWith('43')) opening.awaited -= 1;
    return opening.awaited === 0 ? JOINED : WAIT;
  },
  readOffset: (bytes, at) => bytes.toString('latin1', at + 3, bytes.indexOf(QUOTE, at + 3)),
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
