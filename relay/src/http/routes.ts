// The relay's HTTP side: pages, bundles, health, metrics. Every path ends in an answer.

import type { HttpRequest, HttpResponse } from '../adapter/adapter.ts';
import type { Api } from '../api/api.ts';
import type { Clocks } from '../clocks.ts';
import type { Files } from '../files/files.ts';
import type { Metrics } from '../metrics.ts';
import type { Asset } from './assets.ts';
import { assetResponse, jsonResponse, textResponse } from './responses.ts';

/** A probe's answer is kept this long: whoever asks for readiness in a loop must not load the store with it. */
const PROBE_TTL_MS = 1_000;
const PROBE_TIMEOUT_MS = 5_000;

export interface HttpServices extends Pick<Clocks, 'steady'> {
  readonly assets: ReadonlyMap<string, Asset>;
  /** Whatever lies below `/api/`. */
  readonly api: Pick<Api, 'handle'>;
  /** Whatever lies below `/files/`, but for bodies that are sent there. */
  readonly files: Pick<Files, 'handle'>;
  readonly metrics: Metrics;
  readonly probe: () => Promise<void>;
  readonly isDraining: () => boolean;
}

const OPEN_ASSETS = new Set(['/widget.js', '/widget.js.map', '/sdk.js', '/sdk.js.map']);

export class Routes {
  readonly #services: HttpServices;
  #probe: { readonly at: number; readonly failure: Promise<string | undefined> } | undefined;

  constructor(services: HttpServices) {
    this.#services = services;
  }

  async handle(request: HttpRequest): Promise<HttpResponse> {
    const answer = (await this.#services.api.handle(request)) ?? (await this.#services.files.handle(request));
    if (answer) return answer;
    if (request.method === 'OPTIONS' && kindOf(request.path) !== 'asset') return preflight();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return textResponse(405, 'This address answers GET and HEAD.\n', { allow: 'GET, HEAD' });
    }
    switch (request.path) {
      case '/healthz':
        return textResponse(200, 'ok\n');
      case '/readyz':
        return this.#ready();
      case '/metrics':
        return textResponse(200, await this.#services.metrics.text(), { 'content-type': this.#services.metrics.contentType });
      default:
        return this.#file(request);
    }
  }

  async #ready(): Promise<HttpResponse> {
    const failure = this.#services.isDraining() ? 'The relay is going down.' : await this.#probeFailure();
    return failure === undefined ? jsonResponse(200, { ready: true }) : jsonResponse(503, { ready: false, reason: failure });
  }

  #probeFailure(): Promise<string | undefined> {
    const now = this.#services.steady();
    if (!this.#probe || now - this.#probe.at > PROBE_TTL_MS) {
      const failure = withTimeout(this.#services.probe(), PROBE_TIMEOUT_MS).then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      this.#probe = { at: now, failure };
    }
    return this.#probe.failure;
  }

  #file(request: HttpRequest): HttpResponse {
    const { path } = request;
    if (path.endsWith('/') && this.#services.assets.has(`${path}index.html`)) return this.#page(request, `${path}index.html`);
    if (path === '/' || path === '/chat/') return this.#page(request, '/index.html');
    if (path === '/chat') return redirect('/chat/');
    if (/^\/chat\/[^/]+\/$/.test(path)) return this.#page(request, '/room.html');
    // What no browser asks for, a path that is not percent-encoded, is no address to be sent to either.
    if (/^\/chat\/[!-.0-~]+$/.test(path)) return redirect(`${path}/`);
    if (this.#services.assets.has(`${path}/index.html`)) return redirect(`${path}/`);
    const asset = this.#services.assets.get(path);
    if (!asset || path.endsWith('.html')) return textResponse(404, 'There is nothing here.\n');
    return assetResponse(request, asset, kindOf(path));
  }

  #page(request: HttpRequest, file: string): HttpResponse {
    const page = this.#services.assets.get(file);
    return page ? assetResponse(request, page, 'page') : textResponse(404, 'This relay was built without its pages.\n');
  }
}

function kindOf(path: string): 'open' | 'part' | 'asset' {
  if (OPEN_ASSETS.has(path) || path.startsWith('/widget/locale-')) return 'open';
  return path.startsWith('/widget/') ? 'part' : 'asset';
}

function redirect(location: string): HttpResponse {
  return textResponse(308, '', { location });
}

function preflight(): HttpResponse {
  return { status: 204, headers: { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD' }, body: '' };
}

function withTimeout(work: Promise<void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The store did not answer within ${timeoutMs} ms.`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
