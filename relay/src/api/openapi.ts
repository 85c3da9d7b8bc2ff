// The description of the server API, made of its operations: what checks a request is what describes it.

import type { TObject, TSchema } from 'typebox';
import { SCOPES } from './api-key.ts';
import type { ApiOperation } from './operation.ts';
import type { ProblemCode } from './problem.ts';
import { Problem } from './problem.ts';
import { ProblemDetails, RESULT_COMPONENTS } from './results.ts';
import { INPUT_COMPONENTS } from './schemas.ts';

const DESCRIPTION = `What a server of yours may do to the rooms, members and channels of a relay.

**Keys.** Every request carries \`Authorization: Bearer cr_…\`. \`chat-room-relay api-key\` makes a key and prints what the configuration
needs of it: a digest, so that nobody can read a key there. A key has scopes (${SCOPES.join(', ')}), and may be for some rooms only;
channels and users are in no room, so that \`send\` and \`disconnect\` reach everybody. Keys belong on servers: there is no CORS.

**Rooms** are named in the path, percent-encoded: \`team/builds\` is \`team%2Fbuilds\`. A room need not be made: it is there with its first event.

**Errors** are problem details (RFC 9457, \`application/problem+json\`). Decide by \`code\`, which is stable; \`errors\` points at each value of the
request that is wrong. Where the log or the hook before publishes refused an event, \`protocolCode\` says why in the terms of the protocol.

**Again.** A publish, an edit or a deletion with an idempotency key, in the body as \`key\` or in the header \`Idempotency-Key\`, is stored once however often it is
sent, for 10 minutes at least; the answer to each is where it stands. The same key with something else is a \`conflict\`. After a 429 or 503, wait as long as
\`Retry-After\` says, and send the same again; after a connection that broke, do so too.

**Rates.** Each key has requests per second of its own, on each process of the relay, with bursts of twice as many: \`RateLimit-Limit\`, \`-Remaining\` and \`-Reset\`
(seconds until all are there again) tell where it stands.

**Requests** are named by \`X-Request-Id\`: yours (letters, digits, \`_.:-\`, up to 128), or one of the relay's. The log of the relay has it too.`;

/** Problems that any operation may answer with. */
const COMMON: readonly ProblemCode[] = ['bad_request', 'unauthorized', 'forbidden', 'rate_limited', 'internal', 'unavailable'];
const WITH_BODY: readonly ProblemCode[] = ['bad_json', 'too_large', 'unsupported_media_type'];

/** As JSON. `version` is the relay's. */
export function describeApi(operations: readonly ApiOperation[], version: string): string {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = `/api/v1${operation.path}`;
    paths[path] ??= {};
    paths[path][operation.method.toLowerCase()] = describe(operation);
  }
  const description = {
    openapi: '3.1.0',
    info: { title: 'chat-room relay', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key of the configuration.' } },
      headers: HEADERS,
    },
  };
  const text = JSON.stringify(description, asReference);
  return JSON.stringify({ ...JSON.parse(text), components: { ...description.components, schemas: describeComponents() } });
}

/** The schemas that have a name, by their identity. */
const NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...Object.entries(INPUT_COMPONENTS).map(([name, { schema }]) => [schema, name] as const),
  ...Object.entries(RESULT_COMPONENTS).map(([name, schema]) => [schema, name] as const),
  [ProblemDetails, 'Problem'],
]);

function asReference(_: string, value: unknown): unknown {
  const name = NAMES.get(value);
  return name === undefined ? value : { $ref: `#/components/schemas/${name}` };
}

function describeComponents(): object {
  const inputs = Object.entries(INPUT_COMPONENTS).map(([name, { description }]) => [name, description] as const);
  const components = [...inputs, ...Object.entries(RESULT_COMPONENTS), ['Problem', ProblemDetails] as const];
  // A component may hold others, but is itself spelled out.
  return Object.fromEntries(components.map(([name, schema]) => [name, JSON.parse(JSON.stringify({ ...schema }, asReference))]));
}

const HEADERS = {
  'X-Request-Id': { description: 'The name of the request.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
  'RateLimit-Limit': { description: 'Requests that the key may have saved up.', schema: { type: 'integer' } },
  'RateLimit-Remaining': { description: 'Those that are left.', schema: { type: 'integer' } },
  'RateLimit-Reset': { description: 'Seconds until all are there again.', schema: { type: 'integer' } },
} as const;

function headers(...names: readonly (keyof typeof HEADERS)[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const RATE_HEADERS = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] as const;

function describe(operation: ApiOperation): object {
  const { id, summary, description, scope, parameters, query, body, status, result } = operation;
  return {
    operationId: id,
    summary,
    description: `${description}\n\nNeeds the scope \`${scope}\`.`,
    parameters: [
      ...describeFields(parameters, 'path'),
      ...describeFields(query, 'query'),
      ...(takesKey(operation) ? [IDEMPOTENCY] : []),
    ],
    ...(body && { requestBody: { required: true, content: json(body, operation.examples) } }),
    responses: {
      [status]: {
        description: status === 201 ? 'Stored, now or before under the same key.' : 'Done.',
        headers: headers('X-Request-Id', ...RATE_HEADERS),
        content: json(result),
      },
      ...describeProblems(operation),
    },
  };
}

const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 64 },
  description: 'The same publish again under the same key is stored once.',
};

/** What writes to a log takes an idempotency key. */
function takesKey({ scope, method }: ApiOperation): boolean {
  return method !== 'GET' && (scope === 'publish' || scope === 'moderate');
}

function describeFields(schema: TObject, where: 'path' | 'query'): object[] {
  const required: readonly string[] = schema.required ?? [];
  return Object.entries(schema.properties).map(([name, field]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: field,
    ...describedAs(field),
  }));
}

function describedAs(schema: TSchema): object {
  const { description } = schema as { readonly description?: string };
  return description === undefined ? {} : { description };
}

function json(schema: TSchema, examples?: Readonly<Record<string, unknown>>): object {
  const named = Object.entries(examples ?? {}).map(([name, value]) => [name, { value }]);
  return { 'application/json': { schema, ...(named.length > 0 && { examples: Object.fromEntries(named) }) } };
}

/** By status: several codes may share one. */
function describeProblems({ problems, body }: ApiOperation): object {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...COMMON, ...(body ? WITH_BODY : []), ...problems]) {
    const { status } = new Problem(code, '');
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { 'application/problem+json': { schema: ProblemDetails } };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${new Problem(code, '').title}.`).join(' '),
        content,
        headers: status === 429 || status === 503 ? headers('X-Request-Id', 'Retry-After') : headers('X-Request-Id'),
      },
    ]),
  );
}
