// Puts a relay's parts together, once its engine is open. Who calls whom stands in ARCHITECTURE.md.

import { MAX_RAW_FRAME_BYTES } from '@chat-room/sdk/protocol';
import type { Logger } from 'pino';
import type { Adapter } from './adapter/adapter.ts';
import { createAdapter } from './adapter/select-adapter.ts';
import { Api } from './api/api.ts';
import type { Authenticator } from './auth/identity.ts';
import { chatRoutes } from './chat-routes.ts';
import type { Clocks } from './clocks.ts';
import type { Connection } from './consumer/connection.ts';
import { Connections } from './consumer/connections.ts';
import type { Route } from './consumer/route.ts';
import type { Topics } from './consumer/topics.ts';
import type { Engine } from './engine/engine.ts';
import type { BlobStore } from './files/blob-store.ts';
import { FileLibrary } from './files/file-library.ts';
import { Files } from './files/files.ts';
import { hookCaller } from './hooks/hook-options.ts';
import { Publisher } from './hooks/publisher.ts';
import type { Asset } from './http/assets.ts';
import { Routes } from './http/routes.ts';
import { ChannelLayer } from './layer/channel-layer.ts';
import type { Metrics } from './metrics.ts';
import { ConnectDeadlines } from './native/connect-deadlines.ts';
import type { RelayOptions } from './options.ts';
import { RelayOperations } from './relay-operations.ts';
import { Rooms } from './room/rooms.ts';
import { tlsFiles } from './tls-options.ts';
import { Webhooks } from './webhooks/webhooks.ts';

const API_VERSION = '1.0.0';
const PING_MS = 25_000;
const MAX_BUFFERED_BYTES = 1024 * 1024;
const FRAME_RATE = { perSecond: 100, burst: 200 } as const;
/** A member's pictures of a day out, and then one every two seconds. */
const UPLOAD_RATE = { perSecond: 0.5, burst: 20 } as const;
const DAY_MS = 86_400_000;
const UNAVAILABLE_LOG_MS = 10_000;

/** What a relay is made of. */
export interface Materials extends Clocks {
  readonly options: RelayOptions;
  readonly engine: Engine;
  /** Keeps files. */
  readonly store: BlobStore;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Consumers besides those of the chat. */
  readonly routes: readonly Route[];
  readonly authenticate: Authenticator;
  /** What it serves beside its own routes, by path. */
  readonly assets: ReadonlyMap<string, Asset>;
  readonly isDraining: () => boolean;
}

/** What there is while a relay listens. */
export interface Assembly {
  readonly adapter: Adapter;
  readonly rooms: Rooms;
  readonly layer: ChannelLayer;
  readonly operations: RelayOperations;
  readonly connections: Connections;
  readonly deadlines: ConnectDeadlines;
  readonly publisher: Publisher;
  readonly webhooks: Webhooks;
  readonly files: Files;
}

/** Throws a TransportError where the socket library that was asked for does not load. */
export function assemble(materials: Materials): Assembly {
  const { options, engine, metrics, log, now, steady } = materials;
  const topics: Topics = {
    publish: (topic, data) => adapter.publish(topic, data),
    subscribers: (topic) => adapter.subscribers(topic),
  };
  const webhooks = new Webhooks(options.webhooks, {
    now,
    steady,
    log,
    settled: (_endpoint, outcome, count) => metrics.webhook(outcome, count),
  });
  const rooms = new Rooms(
    engine,
    topics,
    {
      delivered: (count) => metrics.delivered(count),
      joined: (room, member) => webhooks.joined(room, member),
      left: (room, member) => webhooks.left(room, member),
      emptied: (room) => webhooks.emptied(room),
      banned: (room, memberId) => layer.tellHere(memberId, { type: 'banned', room }),
    },
    { now, steady },
  );
  const files = filesOf(materials);
  const publisher = publisherOf(materials, webhooks, files);
  const layer = new ChannelLayer(engine.bus, topics, () => metrics.layerMessages++);
  const deadlines = new ConnectDeadlines();
  const onFault = (error: unknown, where: string, channel: string): void => {
    log.error({ err: error, where, channel }, 'a fault inside a connection');
  };
  const chat = chatRoutes({
    engine,
    rooms,
    metrics,
    publish: publisher.publish,
    publishRate: { perSecond: options.publishRate, burst: options.publishRate * 2 },
    frameRate: FRAME_RATE,
    uploadRate: UPLOAD_RATE,
    files,
    deadlines,
    pingMs: PING_MS,
    now,
    steady,
    onFault,
  });
  const connections = new Connections({
    routes: [...materials.routes, ...chat],
    origins: options.origins,
    layer,
    authenticate: materials.authenticate,
    now,
    steady,
    isDraining: materials.isDraining,
    onFault: (error, route, channel) => {
      metrics.consumerFaulted(route);
      onFault(error, route, channel);
    },
    onRefused: ({ code }) => metrics.authenticationRefused(code),
    onUnavailable: onceInAWhile(steady, ({ message, cause }) => {
      log.error({ err: cause }, `Connections are refused for now: ${message}`);
    }),
    onDropped: (why, route, type) => {
      if (why === 'full') metrics.layerDrops++;
      log.debug({ why, route, type }, 'a layer message was dropped');
    },
  });
  const operations = new RelayOperations({ engine, rooms, layer, publish: publisher.publish, now });
  const adapter = adapterOf(materials, connections, operations, files);
  return { adapter, rooms, layer, operations, connections, deadlines, publisher, webhooks, files };
}

function filesOf({ options, engine, store, metrics, log, now, isDraining }: Materials): Files {
  const { maxUploadBytes, uploadTypes, origins, keepDays } = options;
  return new Files({
    ...{ maxUploadBytes, uploadTypes, origins, log, now, isDraining },
    library: new FileLibrary(store, keepDays === 0 ? Number.POSITIVE_INFINITY : keepDays * DAY_MS),
    secret: engine.secret,
    uploaded: (outcome, bytes) => metrics.uploaded(outcome, bytes),
    removed: (count) => metrics.filesRemoved(count),
  });
}

function publisherOf({ options, engine, log, now }: Materials, webhooks: Webhooks, files: Files): Publisher {
  const hook = options.beforePublish && hookCaller(options.beforePublish, { log, now });
  return new Publisher({
    engine: files.following(engine),
    now,
    ...(hook && { hook }),
    ...(options.webhooks.length > 0 && { onStored: (room, draft, outcome) => webhooks.published(room, draft, outcome) }),
  });
}

function adapterOf(materials: Materials, connections: Connections, operations: RelayOperations, files: Files): Adapter {
  const { options, engine, metrics, log, now, steady, isDraining, assets } = materials;
  const api = new Api({
    operations,
    keys: options.apiKeys,
    version: API_VERSION,
    now,
    answered: (answer) => {
      metrics.apiAnswered(answer.status);
      log.debug(answer, 'the server API answered');
    },
    onFault: (error, operation, requestId) => log.error({ err: error, operation, requestId }, 'a fault in the server API'),
  });
  const http = new Routes({ assets, api, files, metrics, probe: () => engine.probe(), isDraining, steady });
  const tls = tlsFiles(options);
  const { adapter, fallback } = createAdapter<Connection>(
    options.transport,
    {
      maxMessageBytes: MAX_RAW_FRAME_BYTES,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      idleTimeoutS: options.idleTimeoutS,
      ...(tls && { tls }),
      onError: (error, where) => log.error({ err: error, where }, 'a fault at a socket'),
    },
    {
      request: (request) => http.handle(request),
      receiver: (request) => files.receiver(request),
      upgrade: (request) => connections.upgrade(request),
      opened: (socket) => connections.opened(socket),
      text: (socket, text) => socket.context.data(text),
      binary: (socket, bytes) => socket.context.data(bytes),
      dropped: (socket) => {
        metrics.drops++;
        socket.context.dropped();
      },
      lost: (socket) => socket.context.lost(),
      drained: (socket) => socket.context.drained(),
      closed: (socket, code) => connections.closed(socket, code),
    },
  );
  if (fallback) log.warn(fallback.reason);
  return adapter;
}

/** Whoever wants to connect meets the same fault: one call in a while tells of it. */
function onceInAWhile<T>(steady: () => number, tell: (what: T) => void): (what: T) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (what) => {
    if (steady() - toldAt < UNAVAILABLE_LOG_MS) return;
    toldAt = steady();
    tell(what);
  };
}
