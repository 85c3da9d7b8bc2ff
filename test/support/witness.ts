// Somebody in a room of their own, whom nothing of what happens elsewhere may harm.
import { ProtocolClient } from './protocol-client.ts';

const ROOM = 'the-witness';

export class Witness {
  readonly #client: ProtocolClient;
  #sent = 0;

  private constructor(client: ProtocolClient) {
    this.#client = client;
  }

  /** Connects and joins. `url` is that of the native protocol. */
  static async in(url: string): Promise<Witness> {
    const client = await ProtocolClient.connected(url, { name: 'Witness' });
    await client.request({ type: 'join', room: ROOM });
    return new Witness(client);
  }

  /** Says something, and waits until it is stored and heard. Rejects where the connection ends first, or it was refused. */
  async roundTrip(): Promise<void> {
    const text = `still here ${++this.#sent}`;
    const gone = this.#client.closed.then((code) => Promise.reject(new Error(`The witness was closed with ${code}.`)));
    const reply = await Promise.race([
      this.#client.request({ type: 'publish', room: ROOM, key: `w${this.#sent}`, event: { type: 'message', text } }),
      gone,
    ]);
    if (reply.type !== 'published') throw new Error(`The witness was refused: ${JSON.stringify(reply)}.`);
    const events = await Promise.race([this.#client.events(ROOM, 1), gone]);
    if (events[0]?.['text'] !== text) throw new Error(`The witness said "${text}" and heard ${JSON.stringify(events)}.`);
  }

  /** The epoch of the relay's log. */
  async epoch(): Promise<string> {
    const page = await this.#client.request({ type: 'history', room: ROOM, limit: 1 });
    return (page['position'] as { readonly epoch: string }).epoch;
  }

  close(): Promise<number> {
    return this.#client.close();
  }
}
