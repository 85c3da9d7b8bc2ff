// The description of the server API, made of its operations: what checks a request is what describes it.

import type { TObject, TSchema } from 'typebox';
import { SCOPES } from './api-key.ts';
import type { ApiOperation } from './operation.ts';
import type { ProblemCode } from './problem.ts';
import { Problem } from './problem.ts';
import { ProblemDetails } from './schemas.ts';

const DESCRIPTION = `What a server of yours may do to the rooms, members and channels of a relay.

**Keys.** Every request carries \`Authorization: Bearer cr_…\`. \`chat-room-relay api-key\` makes a key and prints what the configuration
needs of it: a digest, so that nobody can read a key there. A key has scopes (${SCOPES.join(', ')}), and may be for some rooms only.

**Errors** are problem details (RFC 9457) with a stable \`code\`, and \`errors\` that point at what is wrong in a request.

**Again.** A publish with an idempotency key, in the body or as \`Idempotency-Key\`, is stored once however often it is sent, for 10 minutes
at least. 429 and 503 say in \`Retry-After\` when to try again.

**Requests** are named by \`X-Request-Id\`: yours, or one of the relay's.`;

/** Problems that any operation may answer with. */
const COMMON: readonly ProblemCode[] = ['bad_request', 'unauthorized', 'forbidden', 'rate_limited', 'internal', 'unavailable'];
const WITH_BODY: readonly ProblemCode[] = ['too_large', 'unsupported_media_type'];

/** As JSON. `version` is the relay's. */
export function describeApi(operations: readonly ApiOperation[], version: string): string {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = `/api/v1${operation.path}`;
    paths[path] ??= {};
    paths[path][operation.method.toLowerCase()] = describe(operation);
  }
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'chat-room relay', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key of the configuration.' } },
      schemas: { Problem: ProblemDetails },
    },
  });
}

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
    ...(body && { requestBody: { required: true, content: json(body, operation.example) } }),
    responses: {
      [status]: { description: status === 201 ? 'Stored.' : 'Done.', content: json(result) },
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
function takesKey({ scope }: ApiOperation): boolean {
  return scope === 'publish' || scope === 'moderate';
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

function json(schema: TSchema, example?: unknown): object {
  return { 'application/json': { schema, ...(example !== undefined && { example }) } };
}

/** By status: several codes may share one. */
function describeProblems({ problems, body }: ApiOperation): object {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...COMMON, ...(body ? WITH_BODY : []), ...problems]) {
    const { status } = new Problem(code, '');
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: `\`${codes.join('`, `')}\``,
        content,
        ...(status === 429 || status === 503 ? { headers: RETRY_AFTER } : {}),
      },
    ]),
  );
}

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } };
