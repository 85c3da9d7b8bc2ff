// The text at /metrics.
import { expect, test } from 'vitest';
import { Metrics } from '../../../relay/src/metrics.ts';

/** The samples of some metrics, without those that are 0. */
async function samples(metrics: Metrics, prefix: string): Promise<string[]> {
  const lines = (await metrics.text()).split('\n');
  return lines.filter((line) => line.startsWith(prefix) && !line.endsWith(' 0'));
}

function fresh(): Metrics {
  return new Metrics({ connections: () => 3, rooms: () => 2, members: () => 5, subscriptions: () => 6 });
}

test('every metric has its help and its type, and says 0 before anything happened', async () => {
  const text = await fresh().text();
  const names = [...text.matchAll(/^# HELP (\S+) .+$/gm)].map(([, name]) => name);
  expect(names).toEqual([...text.matchAll(/^# TYPE (\S+) (?:counter|gauge|histogram)$/gm)].map(([, name]) => name));
  expect([...names].sort()).toEqual(
    [
      'chat_room_api_requests_total',
      'chat_room_authentication_refusals_total',
      'chat_room_commit_seconds',
      'chat_room_committed_events_total',
      'chat_room_connections',
      'chat_room_consumer_faults_total',
      'chat_room_deliveries_total',
      'chat_room_drops_total',
      'chat_room_engine_failing',
      'chat_room_engine_outages_total',
      'chat_room_joins_total',
      'chat_room_layer_drops_total',
      'chat_room_layer_messages_total',
      'chat_room_loop_delay_seconds',
      'chat_room_members',
      'chat_room_publishes_total',
      'chat_room_redis_round_trip_seconds',
      'chat_room_refusals_total',
      'chat_room_removed_files_total',
      'chat_room_rooms',
      'chat_room_store_failing',
      'chat_room_subscriptions',
      'chat_room_uploaded_bytes_total',
      'chat_room_uploads_total',
      'chat_room_webhooks_total',
      'nodejs_active_timers',
      'nodejs_heap_size_used_bytes',
      'process_resident_memory_bytes',
    ].sort(),
  );
  expect(text).toMatch(/^chat_room_engine_failing 0$/m);
  expect(text).toMatch(/^chat_room_connections 3$/m);
  expect(text).toMatch(/^chat_room_rooms 2$/m);
  expect(text).toMatch(/^chat_room_members 5$/m);
  expect(text).toMatch(/^chat_room_subscriptions 6$/m);
});

test('plain counters tell what they hold when they are read, however often', async () => {
  const metrics = fresh();
  metrics.publishes = 2;
  metrics.delivered(40);
  metrics.drops = 1;
  metrics.layerMessages = 9;
  metrics.layerDrops = 4;
  for (let i = 0; i < 2; i++) {
    expect(await samples(metrics, 'chat_room_publishes')).toEqual(['chat_room_publishes_total 2']);
    expect(await samples(metrics, 'chat_room_deliveries')).toEqual(['chat_room_deliveries_total 40']);
    expect(await samples(metrics, 'chat_room_drops')).toEqual(['chat_room_drops_total 1']);
    expect(await samples(metrics, 'chat_room_layer')).toEqual([
      'chat_room_layer_messages_total 9',
      'chat_room_layer_drops_total 4',
    ]);
  }
});

test('an outage is counted once, and told for as long as it lasts', async () => {
  const metrics = fresh();
  metrics.engineFailed();
  expect(await samples(metrics, 'chat_room_engine')).toEqual(['chat_room_engine_failing 1', 'chat_room_engine_outages_total 1']);
  metrics.engineRecovered();
  expect(await samples(metrics, 'chat_room_engine')).toEqual(['chat_room_engine_outages_total 1']);
  metrics.engineFailed();
  expect(await samples(metrics, 'chat_room_engine')).toEqual(['chat_room_engine_failing 1', 'chat_room_engine_outages_total 2']);
});

test('faults, refusals, webhooks and API requests are told apart by their label', async () => {
  const metrics = fresh();
  metrics.consumerFaulted('/ws/tail/:file');
  metrics.consumerFaulted('/ws/tail/:file');
  metrics.authenticationRefused('unauthorized');
  metrics.webhook('delivered', 1);
  metrics.webhook('failed', 1);
  metrics.webhook('dropped', 2);
  for (const status of [200, 201, 404, 429, 503]) metrics.apiAnswered(status);
  expect(await samples(metrics, 'chat_room_consumer')).toEqual(['chat_room_consumer_faults_total{route="/ws/tail/:file"} 2']);
  expect(await samples(metrics, 'chat_room_auth')).toEqual(['chat_room_authentication_refusals_total{code="unauthorized"} 1']);
  expect(await samples(metrics, 'chat_room_webhooks')).toEqual([
    'chat_room_webhooks_total{outcome="delivered"} 1',
    'chat_room_webhooks_total{outcome="failed"} 1',
    'chat_room_webhooks_total{outcome="dropped"} 2',
  ]);
  expect(await samples(metrics, 'chat_room_api')).toEqual([
    'chat_room_api_requests_total{status="2xx"} 2',
    'chat_room_api_requests_total{status="4xx"} 2',
    'chat_room_api_requests_total{status="5xx"} 1',
  ]);
});

test('times are told in seconds', async () => {
  const metrics = fresh();
  metrics.redisAnswered(0.4);
  metrics.redisAnswered(80);
  const lines = await samples(metrics, 'chat_room_redis');
  expect(lines).toContain('chat_room_redis_round_trip_seconds_bucket{le="0.0005"} 1');
  expect(lines).toContain('chat_room_redis_round_trip_seconds_bucket{le="0.1"} 2');
  expect(lines).toContain('chat_room_redis_round_trip_seconds_count 2');
  expect(lines.find((line) => line.includes('_sum'))).toMatch(/ 0\.0804/);
});
