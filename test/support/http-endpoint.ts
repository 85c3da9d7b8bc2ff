// Somebody else's HTTP server, in this process: what it answers is the test's choice, and may change at any time.

import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export class HttpEndpoint {
  readonly #server: Server;
  /** Headers of each request so far. */
  readonly requests: IncomingHttpHeaders[] = [];
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.writeHead(404).end();

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(request.headers);
      this.answer(request, response);
    });
  }

  static async start(): Promise<HttpEndpoint> {
    const endpoint = new HttpEndpoint();
    await new Promise<void>((resolve) => endpoint.#server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Answers with JSON, or with a text as it is. */
  say(body: unknown, status = 200): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.answer = (_, response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  }

  /** Takes requests and never answers. */
  hang(): void {
    this.answer = () => undefined;
  }

  /** Ends each connection without an answer. */
  breakOff(): void {
    this.answer = (request) => void request.socket.destroy();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
