// As much of an S3 service as a store of files needs, in this process. No real one can be had on every machine that runs the
// tests; what matters most is held to an implementation that is not ours: each request must carry the very signature that
// AWS's own signer makes of it.

import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignatureV4 } from '@smithy/signature-v4';
import { onTestFinished } from 'vitest';

export const S3_KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret/with+signs' } as const;

/** `full`: no room. `silent`: it answers nothing. */
type Behaviour = 'well' | 'full' | 'silent';

export interface S3Server {
  readonly url: string;
  readonly objects: ReadonlyMap<string, Buffer>;
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
}

/** SHA-256 as the signer wants it. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as string);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

/** Starts an empty one; it ends with the test. */
export async function startS3(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  let behaviour: Behaviour = 'well';
  const server = createServer((request, response) => {
    request.on('error', () => undefined);
    if (behaviour === 'silent') return;
    serve(request, response, objects, behaviour).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    behave: (next) => {
      behaviour = next;
    },
    stop,
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  objects: Map<string, Buffer>,
  behaviour: Behaviour,
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const key = url.pathname.replace(/^\/chat\/?/, '');
  if (!(await isSigned(request, url))) return refuse(response, 403);
  if (request.method === 'PUT' && request.headers['content-length'] === undefined) return refuse(response, 411);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (!request.complete) return;
  if (behaviour === 'full') return refuse(response, 507);
  switch (request.method) {
    case 'PUT':
      objects.set(key, Buffer.concat(chunks));
      response.writeHead(200).end();
      return;
    case 'DELETE':
      objects.delete(key);
      response.writeHead(204).end();
      return;
    default:
      if (key === '') list(response, url.searchParams, objects);
      else give(response, objects.get(key), request.headers.range);
  }
}

function give(response: ServerResponse, object: Buffer | undefined, range: string | undefined): void {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (!object) refuse(response, 404);
  else if (start === undefined) response.writeHead(200).end(object);
  else response.writeHead(206).end(object.subarray(Number(start), Number(end) + 1));
}

function list(response: ServerResponse, query: URLSearchParams, objects: ReadonlyMap<string, Buffer>): void {
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort();
  const contents = keys.slice(0, Number(query.get('max-keys'))).map((key) => `<Contents><Key>${key}</Key></Contents>`);
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><ListBucketResult>${contents.join('')}</ListBucketResult>`);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end('<Error/>');
}

/** Signs the request as AWS's signer would, and compares. */
async function isSigned({ method = '', headers }: IncomingMessage, url: URL): Promise<boolean> {
  const given = headers.authorization ?? '';
  const signedHeaders = /SignedHeaders=([^,]+)/.exec(given)?.[1]?.split(';') ?? [];
  const signer = new SignatureV4({
    service: 's3',
    region: 'eu-test-1',
    credentials: S3_KEYS,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const date = String(headers['x-amz-date']).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const { headers: right } = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(signedHeaders.map((name) => [name, String(headers[name])])),
    },
    { signingDate: new Date(date), signableHeaders: new Set(signedHeaders) },
  );
  return signedHeaders.includes('host') && right['authorization'] === given;
}
