// The comments of a room: messages whose `data` says where in the film they belong. Those of the plain chat page say nothing of it, and
// belong where the film was when they were written.
import type { Message } from '@chat-room/sdk';
import { ChatClient } from '@chat-room/sdk';
import type { Comment, Track } from '../track.ts';
import { FILM_MS, filmTime, MAX_COMMENTS } from '../track.ts';

const PAGE_EVENTS = 200;
const DELETED_EVERY_MS = 1_000;

export interface CommentsHandlers {
  /** One was just stored. */
  readonly onComment: (comment: Comment) => void;
  /** The track is another one in its past: read further back, or something was taken away. */
  readonly onChange: () => void;
}

export class Comments {
  readonly client: ChatClient;
  readonly #room: ReturnType<ChatClient['room']>;
  readonly #track: Track;
  readonly #handlers: CommentsHandlers;

  constructor(roomName: string, track: Track, handlers: CommentsHandlers) {
    const name = storage?.getItem('chat-room.name');
    this.client = new ChatClient({
      url: new URL('/ws', location.href.replace(/^http/, 'ws')).href,
      user: { ...(name && { name }) },
      ...(storage && { storage }),
    });
    this.#track = track;
    this.#handlers = handlers;
    this.#room = this.client.room(roomName);
    this.#room.on('message', (message) => this.#add(message));
    this.#room.on('discontinuity', () => {
      this.#track.clear();
      this.#readAll().catch(() => undefined); // what it could not read it does without
    });
    setInterval(() => this.#removeDeleted(), DELETED_EVERY_MS);
  }

  /** Resolves when the log has been read, as far back as the track goes. Rejects where the room is refused. */
  async join(): Promise<void> {
    await this.#room.join();
    await this.#readAll();
  }

  /** Resolves once it is stored, however long that takes. */
  async say(text: string, atMs: number): Promise<void> {
    await this.#room.send(text, { data: { at: Math.round(atMs) } });
  }

  /** Backwards, so that the latest are there at once. */
  async #readAll(): Promise<void> {
    while (!this.#room.atStart && this.#track.size < MAX_COMMENTS) {
      const page = await this.#room.loadBefore(PAGE_EVENTS);
      for (const message of page.messages) this.#keep(message);
      this.#handlers.onChange();
    }
  }

  #add(message: Message): void {
    const comment = this.#keep(message);
    if (comment) this.#handlers.onComment(comment);
  }

  #keep(message: Message): Comment | undefined {
    if (message.deletedAt !== undefined || message.notice || message.text === '') return undefined;
    const { id, text, from, own } = message;
    const comment = { id, text, from: from.id, own, atMs: timeOf(message) };
    return this.#track.add(comment) ? comment : undefined;
  }

  /** Now and then: to go through all of them at each of two hundred messages a second would be felt. */
  #removeDeleted(): void {
    const deleted = this.#room.timeline.filter(({ id, deletedAt }) => deletedAt !== undefined && this.#track.remove(id));
    if (deleted.length > 0) this.#handlers.onChange();
  }
}

/** What others send may be anything. */
function timeOf({ data, at }: Message): number {
  const said = typeof data === 'object' && data !== null && !Array.isArray(data) ? data['at'] : undefined;
  return typeof said === 'number' && said >= 0 && said < FILM_MS ? said : filmTime(at);
}

/** Undefined where the browser keeps nothing for us. */
const storage = ((): Storage | undefined => {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
})();
