// Stands between clients and a relay, and writes down what the clients say.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SUBPROTOCOL } from '@chat-room/sdk/protocol';
import { WebSocket, WebSocketServer } from 'ws';

export class ListeningTap {
  readonly url: string;
  readonly #server: WebSocketServer;
  readonly #sessions: string[][] = [];

  private constructor(server: WebSocketServer, relayPort: number) {
    this.#server = server;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
    server.on('connection', (client) => this.#connect(client, relayPort));
  }

  static async before(relayPort: number): Promise<ListeningTap> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => SUBPROTOCOL });
    await once(server, 'listening');
    return new ListeningTap(server, relayPort);
  }

  /** Ends every connection as a lost network does. */
  cut(): void {
    for (const client of this.#server.clients) client.terminate();
  }

  /** What each connection said. */
  async close(): Promise<string[][]> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
    return this.#sessions;
  }

  #connect(client: WebSocket, relayPort: number): void {
    const session: string[] = [];
    this.#sessions.push(session);
    const relay = new WebSocket(`ws://127.0.0.1:${relayPort}/ws`, SUBPROTOCOL);
    const opened = once(relay, 'open');
    client.on('message', (data) => {
      session.push(String(data));
      void opened.then(() => relay.send(String(data)));
    });
    relay.on('message', (data) => client.send(String(data)));
    client.on('close', () => relay.terminate());
    relay.on('close', () => client.terminate());
  }
}
