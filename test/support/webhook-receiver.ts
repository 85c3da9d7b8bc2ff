// Somebody's HTTP server that is told by webhooks, in this process. It takes what comes, unless a test says otherwise.

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Condition } from './condition.ts';
import { HttpEndpoint } from './http-endpoint.ts';

export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  /** The body, as it came. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent is what the test looks at
  readonly body: any;
}

export class WebhookReceiver {
  readonly received: Received[] = [];
  /** What becomes of a request that has come whole. */
  answer: (received: Received, response: ServerResponse) => void = (_, response) => void response.writeHead(204).end();
  readonly #endpoint: HttpEndpoint;
  readonly #changed = new Condition();

  private constructor(endpoint: HttpEndpoint) {
    this.#endpoint = endpoint;
    endpoint.answer = (request, response) => void this.#take(request, response);
  }

  static async start(): Promise<WebhookReceiver> {
    return new WebhookReceiver(await HttpEndpoint.start());
  }

  get url(): string {
    return `${this.#endpoint.url}hooks?key=secret`;
  }

  /** Answers with this status from now on. */
  say(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): void {
    this.answer = (_, response) => void response.writeHead(status, headers).end(body);
  }

  /** Resolves with what came, once so many have come. */
  until(count: number): Promise<readonly Received[]> {
    return this.#changed.until(() => (this.received.length >= count ? this.received : undefined));
  }

  stop(): Promise<void> {
    return this.#endpoint.stop();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { headers } = request;
    const received = { id: String(headers['webhook-id']), headers, text, body: JSON.parse(text) };
    this.received.push(received);
    this.answer(received, response);
    this.#changed.changed();
  }
}
