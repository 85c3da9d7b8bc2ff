import type { ApiAnswer } from '../../relay/src/api/api.ts';
import { Api } from '../../relay/src/api/api.ts';
import { createApiKey, SCOPES } from '../../relay/src/api/api-key.ts';
import { FakeOperations } from './fake-operations.ts';

/** The server API on operations that a test answers for, and what it told of its answers. */
export class ApiRig {
  readonly operations = new FakeOperations();
  readonly answers: ApiAnswer[] = [];
  readonly faults: unknown[] = [];
  now = 1_000_000;
  readonly #key: string;
  readonly #api: Api;

  constructor({ scopes = SCOPES, ratePerSecond = 1_000_000 }: { scopes?: typeof SCOPES; ratePerSecond?: number } = {}) {
    const { key, entry } = createApiKey('test', scopes);
    this.#key = key;
    this.#api = new Api({
      operations: this.operations,
      keys: [{ ...entry, ratePerSecond }],
      version: '1',
      now: () => this.now,
      answered: (answer) => this.answers.push(answer),
      onFault: (error) => this.faults.push(error),
    });
  }

  /** `body` goes out as JSON, `text` as it is. */
  async ask(method: string, address: string, { body, text, headers = {} }: Asked = {}) {
    const [path = '', query = ''] = address.split('?');
    const response = await this.#api.handle({
      method,
      path: `/api/v1${path}`,
      query,
      headers: new Map(Object.entries({ authorization: `Bearer ${this.#key}`, 'content-type': 'application/json', ...headers })),
      remoteAddress: '192.0.2.1',
      body: new TextEncoder().encode(text ?? (body === undefined ? '' : JSON.stringify(body))),
    });
    if (!response) throw new Error('not answered');
    const json = String(response.body);
    return { status: response.status, headers: response.headers, body: json === '' ? undefined : JSON.parse(json) };
  }
}

interface Asked {
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
