// A relay without sockets, for the tests of consumers: the same connections, layer and routes as in the real one, with a
// Communicator at the other end of each connection. Nothing listens, nothing is written.

import type { HttpRequest } from '../adapter/adapter.ts';
import type { Authentication, Authenticator, Identity } from '../auth/identity.ts';
import { Connections } from '../consumer/connections.ts';
import type { Route } from '../consumer/route.ts';
import type { Bus } from '../layer/bus.ts';
import { ChannelLayer } from '../layer/channel-layer.ts';
import type { Layer } from '../layer/layer.ts';
import { LocalBus } from '../layer/local-bus.ts';
import { Communicator } from './communicator.ts';
import { TestTopics } from './test-topics.ts';

export interface TestRelayOptions {
  readonly routes: readonly Route[];
  /** Default: whoever the connection's `identity` option names, else a guest of its own. */
  readonly authenticate?: Authenticator;
  /** Milliseconds since 1970, for what expires. Default: the clock. */
  readonly now?: () => number;
  /** Default: one of its own. Relays that are to reach each other share what stands behind it. */
  readonly bus?: Bus;
}

export interface TestConnectOptions {
  readonly identity?: Identity;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A consumer that failed: what it threw, and where. */
export interface ConsumerFault {
  readonly error: unknown;
  readonly route: string;
  readonly channel: string;
}

/** The connection was refused before it was one. */
export class RefusedError extends Error {
  readonly code = 'refused';
  /** Of the HTTP response. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.status = status;
  }
}

export class TestRelay {
  readonly layer: Layer;
  /** What consumers threw so far. */
  readonly faults: readonly ConsumerFault[];
  /** Layer messages that found no handler, or no room in a busy channel's queue. */
  readonly dropped: readonly { readonly why: 'unhandled' | 'full'; readonly type: string }[];
  readonly #connections: Connections;
  readonly #topics = new TestTopics();
  #identity: Identity | undefined;
  #guests = 0;

  constructor({ routes, authenticate, now = Date.now, bus = new LocalBus() }: TestRelayOptions) {
    const faults: ConsumerFault[] = [];
    const dropped: { readonly why: 'unhandled' | 'full'; readonly type: string }[] = [];
    const layer = new ChannelLayer(bus, this.#topics);
    this.layer = layer;
    this.faults = faults;
    this.dropped = dropped;
    this.#connections = new Connections({
      routes,
      origins: ['*'],
      layer,
      authenticate: authenticate ?? (() => this.#identified()),
      now,
      steady: now,
      isDraining: () => false,
      onFault: (error, route, channel) => faults.push({ error, route, channel }),
      onRefused: () => undefined,
      onUnavailable: ({ cause }) => faults.push({ error: cause, route: 'authenticate', channel: '' }),
      onDropped: (why, _route, type) => dropped.push({ why, type }),
    });
  }

  /** Connects as a client would, to a path such as `/ws/tail/app.log?from=end`. Rejects with a RefusedError. */
  async connect(url: string, { identity, headers = {} }: TestConnectOptions = {}): Promise<Communicator> {
    this.#identity = identity;
    const decision = await this.#connections.upgrade(requestOf(url, headers));
    if (!decision.accept) throw new RefusedError(decision.response.status, String(decision.response.body).trim());
    return new Communicator(decision.context, this.#connections, this.#topics, decision.subprotocol);
  }

  /** Does what a relay does each second: tells and ends identities that run out. */
  tick(): void {
    this.#connections.tick();
  }

  /** Tells every connection that the relay goes down. */
  drain(retryAfterMs: number): void {
    this.#connections.drain(() => ({ retryAfterMs }));
  }

  #identified(): Authentication {
    const id = `guest-${++this.#guests}`;
    const guest: Identity = { member: { id, name: id }, grants: [{ rooms: '*', allow: ['read', 'write'] }] };
    return { outcome: 'identified', identity: this.#identity ?? guest };
  }
}

function requestOf(url: string, headers: Readonly<Record<string, string>>): HttpRequest {
  const [path = '', query = ''] = url.split('?');
  return {
    method: 'GET',
    path,
    query,
    headers: new Map(Object.entries(headers)),
    remoteAddress: '127.0.0.1',
    body: new Uint8Array(),
  };
}
