// All connections of a relay: which consumer a request gets, who is let in, and what time does to those that are there.

import { isName, MAX_NAME_LENGTH } from '@chat-room/sdk/protocol';
import type { HttpRequest, HttpResponse, RelaySocket, UpgradeDecision } from '../adapter/adapter.ts';
import { offeredSubprotocols, readBearer } from '../auth/credentials.ts';
import type { Authentication, Authenticator, Refusal } from '../auth/identity.ts';
import { refused } from '../auth/identity.ts';
import { isOriginAllowed } from '../auth/origins.ts';
import type { Clocks } from '../clocks.ts';
import { textResponse } from '../http/responses.ts';
import { after } from './after.ts';
import { isCloseCode } from './close-code.ts';
import type { ConnectionServices } from './connection.ts';
import { Connection } from './connection.ts';
import type { Admission, DrainNotice } from './consumer.ts';
import type { Route, RouteParams } from './route.ts';

/** A connection that was let in and whose socket did not come: its peer has gone. */
const OPEN_TIMEOUT_MS = 10_000;
const ABNORMAL = 1006;
/** When who comes as the relay goes down may come back. */
const LATE_RETRY_MS = 1_000;
const STATUS = { unauthorized: 401, unavailable: 503 } as const;

export interface ConnectionsOptions extends Omit<ConnectionServices, 'watchExpiry'>, Pick<Clocks, 'steady'> {
  /** In the order in which they are tried. */
  readonly routes: readonly Route[];
  /** Whose pages may connect; `*` for all. */
  readonly origins: readonly string[];
  readonly isDraining: () => boolean;
  /** Somebody was refused because of who they are, or are not. */
  readonly onRefused: (refusal: Refusal) => void;
  /** Nobody could say who makes a request. */
  readonly onUnavailable: (refusal: Refusal) => void;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #services: ConnectionServices;
  readonly #open = new Set<Connection>();
  /** Let in, with a socket to come; in the order of the times. */
  readonly #admitted = new Map<Connection, number>();
  readonly #expiring = new Set<Connection>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#services = { ...options, authenticate: guarded(options), watchExpiry: (connection) => this.#expiring.add(connection) };
  }

  get size(): number {
    return this.#open.size;
  }

  /** Decides an upgrade: by the relay's state, origin, path, identity, and the consumer itself, in this order. */
  upgrade(request: HttpRequest): UpgradeDecision<Connection> | Promise<UpgradeDecision<Connection>> {
    if (this.#options.isDraining()) return refuse(503, 'The relay is going down; come back in a moment.');
    if (!isOriginAllowed(request, this.#options.origins))
      return refuse(403, 'Pages of this origin may not connect to this relay (see --origins).');
    for (const route of this.#options.routes) {
      const params = route.match(request.path);
      if (params) return this.#enter(request, route, params);
    }
    return refuse(404, 'There is no WebSocket at this address.');
  }

  opened(socket: RelaySocket<Connection>): void {
    const connection = socket.context;
    this.#admitted.delete(connection);
    this.#open.add(connection);
    connection.opened(socket);
    if (this.#options.isDraining()) connection.drain({ retryAfterMs: LATE_RETRY_MS }); // it was let in as the drain began
  }

  closed(socket: RelaySocket<Connection>, code: number): void {
    this.#open.delete(socket.context);
    socket.context.closed(code);
  }

  /** Called each second or so: ends what has run out. */
  tick(): void {
    const [now, steadyNow] = [this.#options.now(), this.#options.steady()];
    for (const connection of this.#expiring) if (!connection.checkExpiry(now)) this.#expiring.delete(connection);
    for (const [connection, since] of this.#admitted) {
      if (steadyNow - since < OPEN_TIMEOUT_MS) return;
      this.#admitted.delete(connection);
      connection.closed(ABNORMAL);
    }
  }

  /** Tells every connection when to come back. Returns how many there were. */
  drain(noticeFor: (index: number, count: number) => DrainNotice): number {
    const connections = [...this.#open];
    for (const [i, connection] of connections.entries()) connection.drain(noticeFor(i, connections.length));
    return connections.length;
  }

  #enter(
    request: HttpRequest,
    route: Route,
    params: RouteParams,
  ): UpgradeDecision<Connection> | Promise<UpgradeDecision<Connection>> {
    if (route.authentication === 'later') return this.#admit(request, route, params, undefined);
    return after(this.#authenticate(request, route), (authentication) => {
      if (authentication.outcome === 'identified') return this.#admit(request, route, params, authentication);
      if (authentication.outcome === 'abstained') return refuse(401, 'This address wants to know who you are.');
      return refuse(STATUS[authentication.refusal.code], authentication.refusal.message);
    });
  }

  #authenticate(request: HttpRequest, route: Route): Authentication | Promise<Authentication> {
    const { path, query, headers, remoteAddress } = request;
    const bearer = readBearer(headers);
    if (bearer.outcome === 'refused') return bearer;
    const name = new URLSearchParams(query).get('name')?.trim();
    return this.#services.authenticate({
      route: route.path,
      path,
      query,
      headers,
      remoteAddress,
      ...(bearer.outcome === 'found' && { token: bearer.token }),
      ...(isName(name, MAX_NAME_LENGTH) && { name }),
    });
  }

  #admit(
    request: HttpRequest,
    route: Route,
    params: RouteParams,
    authentication: Extract<Authentication, { readonly outcome: 'identified' }> | undefined,
  ): UpgradeDecision<Connection> | Promise<UpgradeDecision<Connection>> {
    const { path, query, headers, remoteAddress } = request;
    const connection = new Connection(route, params, { path, query, headers, remoteAddress }, this.#services);
    const failed = (error: unknown): UpgradeDecision<Connection> => {
      this.#options.onFault(error, route.path, connection.channel);
      connection.closed(ABNORMAL);
      return refuse(500, 'The relay failed; the fault is not yours.');
    };
    try {
      const decision = after(connection.admit(authentication?.identity), (admission) =>
        this.#decide(connection, admission, headers),
      );
      return decision instanceof Promise ? decision.catch(failed) : decision;
    } catch (error) {
      return failed(error);
    }
  }

  #decide(connection: Connection, admission: Admission, headers: ReadonlyMap<string, string>): UpgradeDecision<Connection> {
    if (!admission.accept && 'status' in admission) {
      connection.closed(ABNORMAL);
      return refuse(admission.status, admission.message);
    }
    if (!admission.accept && !isCloseCode(admission.code)) throw new RangeError(`${admission.code} is no close code.`);
    this.#admitted.set(connection, this.#options.steady());
    // A close code can only be told over an open socket.
    if (!admission.accept) connection.end(admission.code, admission.message);
    const subprotocol = (admission.accept ? admission.subprotocol : undefined) ?? besideBearer(headers);
    return { accept: true, context: connection, ...(subprotocol !== undefined && { subprotocol }) };
  }
}

/**
 * Holds an authenticator to what the relay relies on: one that fails says nothing about who asks, so they may come again;
 * and an identity that has ended is none.
 */
function guarded({ authenticate, now, onRefused, onUnavailable }: ConnectionsOptions): Authenticator {
  const failed = (cause: unknown): Authentication => refused('unavailable', 'The relay could not find out who you are.', cause);
  const check = (answer: Authentication): Authentication => {
    if (answer.outcome === 'refused') onRefused(answer.refusal);
    if (answer.outcome === 'refused' && answer.refusal.code === 'unavailable') onUnavailable(answer.refusal);
    if (answer.outcome !== 'identified' || (answer.identity.expiresAt ?? Number.POSITIVE_INFINITY) > now()) return answer;
    return refused('unauthorized', 'The token has ended.');
  };
  return (request) => {
    try {
      const answer = authenticate(request);
      return answer instanceof Promise ? answer.catch(failed).then(check) : check(answer);
    } catch (error) {
      return check(failed(error));
    }
  };
}

/** A browser that offers a token must be answered with the subprotocol beside it, whatever that is, or it gives up. */
function besideBearer(headers: ReadonlyMap<string, string>): string | undefined {
  return readBearer(headers).outcome === 'found' ? offeredSubprotocols(headers)[0] : undefined;
}

function refuse(status: number, message: string): UpgradeDecision<Connection> {
  const response: HttpResponse = textResponse(status, `${message}\n`);
  return { accept: false, response };
}
