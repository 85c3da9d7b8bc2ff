import type { Message } from '@chat-room/sdk';
import type { RoomHandle } from '../connection/room-handle.ts';
import { offsetOf } from '../connection/unread.ts';
import type { PanelHost, PanelPart } from '../panel/updates.ts';

/** The pinned message, which may lie far before what is loaded: then it is read on its own. */
export class PinnedMessage implements PanelPart {
  readonly #host: PanelHost;
  readonly #room: () => RoomHandle | undefined;
  #asked: number | undefined;
  #read: Message | undefined;

  constructor(host: PanelHost, room: () => RoomHandle | undefined) {
    this.#host = host;
    this.#room = room;
    host.parts.push(this);
  }

  /** Undefined where none is pinned, or it is not read yet. */
  get current(): Message | undefined {
    const room = this.#room();
    const offset = room?.settings?.pinned;
    if (offset === undefined) return undefined;
    const loaded = room?.timeline.find((message) => offsetOf(message) === offset);
    const message = loaded ?? (this.#asked === offset ? this.#read : undefined);
    return message?.deletedAt === undefined ? message : undefined;
  }

  willRender(): void {
    const room = this.#room();
    const offset = room?.state === 'live' ? room.settings?.pinned : undefined;
    if (room === undefined || offset === undefined || offset === this.#asked || this.current !== undefined) return;
    this.#asked = offset;
    this.#read = undefined;
    room.history({ after: offset - 1, limit: 1 }).then(
      ({ messages }) => {
        this.#read = messages.find((message) => offsetOf(message) === offset);
        this.#host.requestUpdate();
      },
      // Asked again when the room is live the next time.
      () => {
        this.#asked = undefined;
      },
    );
  }
}
