// The smallest client of the native protocol: sends what a test says, and waits for what it names. Knows only a URL.

import { WebSocket } from 'ws';

export type Frame = { readonly type: string; readonly [field: string]: unknown };

/** A frame that came, or the promise of one that a test waits for. */
export class ProtocolClient {
  readonly socket: WebSocket;
  /** Frames that came and that no `next` has taken, oldest first. */
  readonly inbox: Frame[] = [];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  #waiting: { readonly matches: (frame: Frame) => boolean; readonly resolve: (frame: Frame) => void }[] = [];
  #nextId = 1;
  #welcome: Frame = { type: 'none' };

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Frame));
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
    socket.on('error', () => undefined); // a close follows, and tells
  }

  static open(url: string): Promise<ProtocolClient> {
    const socket = new WebSocket(url, 'chat-room.v1');
    const client = new ProtocolClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
    });
  }

  /** Opens and connects as a guest. */
  static async connected(
    url: string,
    { resume, ...user }: { readonly name?: string; readonly resume?: string } = {},
  ): Promise<ProtocolClient> {
    const client = await ProtocolClient.open(url);
    client.#welcome = await client.request({ type: 'connect', version: 1, user, ...(resume !== undefined && { resume }) });
    return client;
  }

  /** Whom the relay says this connection speaks for. */
  get member(): { readonly id: string; readonly name: string } {
    return this.#welcome['member'] as { readonly id: string; readonly name: string };
  }

  /** What makes the next connection the same guest. */
  get resume(): string {
    return this.#welcome['resume'] as string;
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  /** Sends a request under a fresh id, and resolves with its reply, whatever it says. */
  request(frame: Frame): Promise<Frame> {
    const id = this.#nextId++;
    this.sendText(JSON.stringify({ ...frame, id }));
    return this.next((reply) => reply['id'] === id);
  }

  /** The first frame, of those that came and of those to come, that matches. */
  next(matches: ((frame: Frame) => boolean) | string): Promise<Frame> {
    const test = typeof matches === 'string' ? (frame: Frame): boolean => frame.type === matches : matches;
    const index = this.inbox.findIndex(test);
    if (index >= 0) return Promise.resolve(this.inbox.splice(index, 1)[0] as Frame);
    return new Promise((resolve) => this.#waiting.push({ matches: test, resolve }));
  }

  /** The stored events that have been pushed, from the first on, until there are `count`. */
  async events(room: string, count: number): Promise<readonly Frame[]> {
    const events: Frame[] = [];
    while (events.length < count) {
      const push = await this.next((frame) => frame.type === 'events' && frame['room'] === room);
      events.push(...(push['events'] as Frame[]));
    }
    return events;
  }

  close(): Promise<number> {
    this.socket.close();
    return this.closed;
  }

  /** Ends the connection as a lost network does: no close frame. */
  cut(): Promise<number> {
    this.socket.terminate();
    return this.closed;
  }

  #take(frame: Frame): void {
    const index = this.#waiting.findIndex(({ matches }) => matches(frame));
    if (index < 0) this.inbox.push(frame);
    else this.#waiting.splice(index, 1)[0]?.resolve(frame);
  }
}
