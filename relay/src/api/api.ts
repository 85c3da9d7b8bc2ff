// The server API over HTTP: finds the operation, checks key, scope, rate and every part of the request, and answers.

import { randomBytes } from 'node:crypto';
import { isRoomName } from '@chat-room/sdk/protocol';
import type { TObject, TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { Compile } from 'typebox/compile';
import type { HttpRequest, HttpResponse } from '../adapter/adapter.ts';
import { EngineError } from '../engine/engine.ts';
import { LayerError } from '../layer/layer.ts';
import type { Operations } from '../operations.ts';
import { TokenBucket } from '../rate.ts';
import type { ApiKeyOptions } from './api-key.ts';
import { ApiKeys, isForRoom } from './api-key.ts';
import { describeApi } from './openapi.ts';
import type { ApiOperation } from './operation.ts';
import { API_OPERATIONS } from './operations-table.ts';
import type { FieldFault } from './problem.ts';
import { Problem } from './problem.ts';

const PREFIX = '/api/v1';
const MAX_BODY_BYTES = 262_144;
const DEFAULT_RATE = 200;
/** Keys that were not accepted, per second and address. */
const FAILURE_RATE = { perSecond: 1, burst: 20 } as const;
/** Addresses of which failures are counted; the one that was counted first is forgotten for another. */
const MAX_ADDRESSES = 10_000;
const REQUEST_ID = /^[\w.:-]{1,128}$/;

export interface ApiParts {
  readonly operations: Operations;
  readonly keys: readonly ApiKeyOptions[];
  /** Of the relay, for the description. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each answer. */
  readonly answered: (status: number) => void;
  /** A fault of ours: logged with the request's id. */
  readonly onFault: (error: unknown, operation: string, requestId: string) => void;
}

interface Served {
  readonly operation: ApiOperation;
  readonly segments: readonly string[];
  readonly path: Validator;
  readonly query: Validator;
  readonly body: Validator | undefined;
}

export class Api {
  readonly #parts: ApiParts;
  readonly #keys: ApiKeys;
  readonly #served: readonly Served[];
  readonly #description: string;
  readonly #rates = new Map<string, TokenBucket>();
  readonly #failures = new Map<string, TokenBucket>();

  constructor(parts: ApiParts) {
    this.#parts = parts;
    this.#keys = new ApiKeys(parts.keys);
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
    const response = await this.#answer(request, requestId);
    this.#parts.answered(response.status);
    return response;
  }

  async #answer(request: HttpRequest, requestId: string): Promise<HttpResponse> {
    let name = 'none';
    try {
      if (request.path === `${PREFIX}/openapi.json`) return this.#describe(request, requestId);
      const { served, values } = this.#find(request);
      name = served.operation.id;
      const result = await this.#run(request, served, values);
      return jsonAnswer(served.operation.status, result, requestId);
    } catch (error) {
      return this.#problemOf(error, name, requestId).response(request.path, requestId);
    }
  }

  #describe({ method }: HttpRequest, requestId: string): HttpResponse {
    if (method !== 'GET' && method !== 'HEAD') throw notAllowed(['GET', 'HEAD']);
    return { ...jsonAnswer(200, {}, requestId), body: this.#description };
  }

  async #run(request: HttpRequest, served: Served, values: Readonly<Record<string, string>>): Promise<unknown> {
    const { operation } = served;
    const key = this.#authenticate(request);
    if (!key.scopes.includes(operation.scope))
      throw new Problem('forbidden', `The key ${key.id} lacks the scope ${operation.scope}.`);
    this.#checkRate(key);
    const path = check(served.path, typed(values, operation.parameters), '/path');
    checkRoom(values['room'], key);
    const query = check(served.query, typed(queryOf(request.query), operation.query), '/query');
    const body = served.body ? check(served.body, readBody(request), '/body') : undefined;
    const idempotencyKey = idempotencyKeyOf(request);
    return operation.handle(
      { path, query, body, idempotencyKey, key } as Parameters<ApiOperation['handle']>[0],
      this.#parts.operations,
    );
  }

  /** The operation that a path and a method name, and the parts of the path. */
  #find({ path, method }: HttpRequest): { readonly served: Served; readonly values: Readonly<Record<string, string>> } {
    const found = this.#served.flatMap((served) => {
      const values = match(served.segments, path);
      return values ? [{ served, values }] : [];
    });
    const [first] = found;
    if (!first) throw new Problem('not_found', `There is no operation at ${path}: see ${PREFIX}/openapi.json.`);
    const right = found.find(({ served }) => served.operation.method === method);
    if (!right) throw notAllowed(found.map(({ served }) => served.operation.method));
    return right;
  }

  #authenticate({ headers, remoteAddress }: HttpRequest): ApiKeyOptions {
    const now = this.#parts.now();
    const token = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1];
    const key = token === undefined ? undefined : this.#keys.find(token);
    if (key) return key;
    const failures = this.#failures.get(remoteAddress) ?? new TokenBucket(FAILURE_RATE, now);
    this.#failures.delete(remoteAddress);
    this.#failures.set(remoteAddress, failures); // to the end of the line
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
    const waitMs = failures.take(FAILURE_RATE, now);
    if (waitMs > 0)
      throw new Problem('rate_limited', 'Too many keys that were not accepted came from this address.', {
        retryAfterS: seconds(waitMs),
      });
    throw new Problem('unauthorized', token === undefined ? 'A key is needed: Authorization: Bearer cr_….' : 'No such key.', {
      headers: { 'www-authenticate': 'Bearer realm="chat-room"' },
    });
  }

  #checkRate({ id, ratePerSecond = DEFAULT_RATE }: ApiKeyOptions): void {
    const rate = { perSecond: ratePerSecond, burst: ratePerSecond * 2 };
    const now = this.#parts.now();
    const bucket = this.#rates.get(id) ?? new TokenBucket(rate, now);
    this.#rates.set(id, bucket);
    const waitMs = bucket.take(rate, now);
    if (waitMs > 0)
      throw new Problem('rate_limited', `The key ${id} has ${ratePerSecond} requests per second.`, {
        retryAfterS: seconds(waitMs),
      });
  }

  #problemOf(error: unknown, operation: string, requestId: string): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof EngineError) return new Problem('unavailable', error.message, { retryAfterS: 1 });
    if (error instanceof LayerError && error.code !== 'layer_unavailable')
      return new Problem('bad_request', error.message, { errors: [{ pointer: '/body', detail: error.message }] });
    if (error instanceof LayerError) return new Problem('unavailable', error.message, { retryAfterS: 1 });
    this.#parts.onFault(error, operation, requestId);
    return new Problem('internal', 'The relay has logged why.');
  }
}

/** The values of a path's parameters; undefined where it is another path. */
function match(segments: readonly string[], path: string): Readonly<Record<string, string>> | undefined {
  const parts = path.split('/');
  if (parts.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    const part = parts[i] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) values[name] = decoded(part);
    else if (part !== segment) return undefined;
  }
  return values;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function queryOf(query: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** Texts as the schema's types: a whole number where one is asked for, and is there. */
function typed(values: Readonly<Record<string, string>>, { properties }: TObject): Readonly<Record<string, unknown>> {
  const isWhole = (name: string): boolean => (properties[name] as { readonly type?: string } | undefined)?.type === 'integer';
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, isWhole(name) && /^\d{1,15}$/.test(text) ? Number(text) : text]),
  );
}

function checkRoom(room: string | undefined, key: ApiKeyOptions): void {
  if (room === undefined) return;
  if (!isRoomName(room)) {
    const detail = 'not a valid room name';
    throw new Problem('bad_request', 'The request is not valid.', { errors: [{ pointer: '/path/room', detail }] });
  }
  if (!isForRoom(key, room)) throw new Problem('forbidden', `The key ${key.id} is not for this room.`);
}

function readBody({ headers, body }: HttpRequest): unknown {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Problem('unsupported_media_type', 'The body must be application/json.');
  if (body.length > MAX_BODY_BYTES) throw new Problem('too_large', `The body has more than ${MAX_BODY_BYTES} bytes.`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Problem('bad_json', 'The body is no JSON in UTF-8.');
  }
}

function idempotencyKeyOf({ headers }: HttpRequest): string | undefined {
  const key = headers.get('idempotency-key');
  if (key === undefined || /^[!-~]{1,64}$/.test(key)) return key;
  const detail = '1 to 64 visible ASCII characters';
  throw new Problem('bad_request', 'The Idempotency-Key is not valid.', {
    errors: [{ pointer: '/headers/idempotency-key', detail }],
  });
}

/** The value, if its schema takes it. */
function check(validator: Validator<Record<never, never>, TSchema>, value: unknown, where: string): unknown {
  if (validator.Check(value)) return value;
  const errors = validator
    .Errors(value)
    .map(({ instancePath, message }): FieldFault => ({ pointer: `${where}${instancePath}`, detail: message }));
  throw new Problem('bad_request', 'The request is not valid.', { errors });
}

function notAllowed(methods: readonly string[]): Problem {
  const allow = methods.join(', ');
  return new Problem('method_not_allowed', `This address answers ${allow}.`, { headers: { allow } });
}

function requestIdOf({ headers }: HttpRequest): string {
  const given = headers.get('x-request-id');
  return given !== undefined && REQUEST_ID.test(given) ? given : `req_${randomBytes(12).toString('base64url')}`;
}

function jsonAnswer(status: number, result: unknown, requestId: string): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
    body: JSON.stringify(result),
  };
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
