// The server API over HTTP: finds the operation, checks key, rate, scope and every part of the request, and answers.

import type { TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { Compile } from 'typebox/compile';
import type { HttpRequest, HttpResponse } from '../adapter/adapter.ts';
import { EngineError } from '../engine/engine.ts';
import { LayerError } from '../layer/layer.ts';
import type { Operations } from '../operations.ts';
import type { ApiKeyOptions } from './api-key.ts';
import { isForRoom } from './api-key.ts';
import { Gate } from './gate.ts';
import { describeApi } from './openapi.ts';
import type { ApiOperation } from './operation.ts';
import { API_OPERATIONS } from './operations-table.ts';
import { Problem } from './problem.ts';
import type { Texts } from './request.ts';
import { check, idempotencyKeyOf, matchPath, readBody, readQuery, requestIdOf, typed } from './request.ts';

const PREFIX = '/api/v1';
const DESCRIPTION_PATH = `${PREFIX}/openapi.json`;
const RETRY_AFTER_S = 1;

export interface ApiParts {
  readonly operations: Operations;
  readonly keys: readonly ApiKeyOptions[];
  /** Of the relay, for the description. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each answer. Must not throw. */
  readonly answered: (answer: ApiAnswer) => void;
  /** A fault of ours: logged with the request's id. */
  readonly onFault: (error: unknown, operation: string, requestId: string) => void;
}

/** What a log may hold of a request and its answer. */
export interface ApiAnswer {
  readonly requestId: string;
  readonly status: number;
  /** Absent where the request came to none. */
  readonly operation?: string;
  /** Id of the key, once it was accepted. */
  readonly key?: string;
}

interface Served {
  readonly operation: ApiOperation;
  readonly segments: readonly string[];
  readonly path: Validator<Record<never, never>, TSchema>;
  readonly query: Validator<Record<never, never>, TSchema>;
  readonly body: Validator<Record<never, never>, TSchema> | undefined;
}

/** What becomes known of a request while it is answered. */
interface Trace {
  readonly requestId: string;
  readonly headers: Record<string, string>;
  operation?: string;
  key?: string;
}

export class Api {
  readonly #parts: ApiParts;
  readonly #gate: Gate;
  readonly #served: readonly Served[];
  readonly #description: string;

  constructor(parts: ApiParts) {
    this.#parts = parts;
    this.#gate = new Gate(parts.keys, parts.now);
    this.#description = describeApi(API_OPERATIONS, parts.version);
    this.#served = API_OPERATIONS.map((operation) => ({
      operation,
      segments: `${PREFIX}${operation.path}`.split('/'),
      path: Compile(operation.parameters),
      query: Compile(operation.query),
      body: operation.body && Compile(operation.body),
    }));
  }

  /** Answers a request below `/api/`; undefined for any other. Never rejects. */
  async handle(request: HttpRequest): Promise<HttpResponse | undefined> {
    if (request.path !== '/api' && !request.path.startsWith('/api/')) return undefined;
    const requestId = requestIdOf(request);
    const headers = { 'x-request-id': requestId, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    const trace: Trace = { requestId, headers };
    const response = await this.#answer(request, trace);
    const { operation, key } = trace;
    this.#parts.answered({
      requestId,
      status: response.status,
      ...(operation !== undefined && { operation }),
      ...(key !== undefined && { key }),
    });
    return response;
  }

  async #answer(request: HttpRequest, trace: Trace): Promise<HttpResponse> {
    try {
      const methods = this.#methodsAt(request.path);
      if (methods.size === 0)
        throw new Problem('not_found', `There is nothing at this address: see ${DESCRIPTION_PATH} for what there is.`);
      // One that answers GET answers HEAD likewise: the adapter leaves out the body.
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      if (method === 'OPTIONS') return { status: 204, headers: { ...trace.headers, allow: allowed(methods) }, body: '' };
      const found = methods.get(method);
      if (!found) throw notAllowed(methods);
      return await found(request, trace);
    } catch (error) {
      return this.#problemOf(error, trace).response(request.path, trace.requestId, trace.headers);
    }
  }

  /** What can be done at an address, by method. */
  #methodsAt(path: string): ReadonlyMap<string, (request: HttpRequest, trace: Trace) => HttpResponse | Promise<HttpResponse>> {
    if (path === DESCRIPTION_PATH) return new Map([['GET', (_, trace) => jsonAnswer(200, this.#description, trace)]]);
    const methods = new Map<string, (request: HttpRequest, trace: Trace) => Promise<HttpResponse>>();
    for (const served of this.#served) {
      const values = matchPath(served.segments, path);
      if (values) methods.set(served.operation.method, (request, trace) => this.#run(request, served, values, trace));
    }
    return methods;
  }

  async #run(request: HttpRequest, served: Served, values: Texts, trace: Trace): Promise<HttpResponse> {
    const { operation } = served;
    trace.operation = operation.id;
    const key = this.#gate.authenticate(request);
    trace.key = key.id;
    this.#gate.admit(key, (headers) => Object.assign(trace.headers, headers));
    if (!key.scopes.includes(operation.scope))
      throw new Problem('forbidden', `The key ${key.id} lacks the scope ${operation.scope}.`);
    const path = check(served.path, typed(values, operation.parameters), '/path');
    if (values['room'] !== undefined && !isForRoom(key, values['room']))
      throw new Problem('forbidden', `The key ${key.id} is not for this room.`);
    const query = check(served.query, typed(readQuery(request.query), operation.query), '/query');
    const body = served.body ? check(served.body, readBody(request), '/body') : undefined;
    const checked = { path, query, body, idempotencyKey: idempotencyKeyOf(request), key };
    // Its schemas have checked what its handler takes: see `operation()`.
    const result = await operation.handle(checked as Parameters<ApiOperation['handle']>[0], this.#parts.operations);
    return jsonAnswer(operation.status, JSON.stringify(result), trace);
  }

  #problemOf(error: unknown, { operation = 'none', requestId }: Trace): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof EngineError) return new Problem('unavailable', error.message, { retryAfterS: RETRY_AFTER_S });
    if (error instanceof LayerError && error.code !== 'layer_unavailable')
      return new Problem('bad_request', error.message, { errors: [{ pointer: '/body', detail: error.message }] });
    if (error instanceof LayerError) return new Problem('unavailable', error.message, { retryAfterS: RETRY_AFTER_S });
    this.#parts.onFault(error, operation, requestId);
    return new Problem('internal', 'The relay has logged why.');
  }
}

function jsonAnswer(status: number, json: string, { headers }: Trace): HttpResponse {
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: json };
}

function notAllowed(methods: ReadonlyMap<string, unknown>): Problem {
  const allow = allowed(methods);
  return new Problem('method_not_allowed', `This address answers ${allow}.`, { headers: { allow } });
}

function allowed(methods: ReadonlyMap<string, unknown>): string {
  return [...methods.keys(), ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted().join(', ');
}
