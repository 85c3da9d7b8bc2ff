// The files of relay/deploy refer to what there is: paths, options, ports, metrics.

import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Metrics } from '../../../relay/src/metrics.ts';
import { readCommand } from '../../../relay/src/options.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DEPLOY = join(ROOT, 'relay/deploy');
const read = (name: string): string => readFileSync(join(DEPLOY, name), 'utf8');

/** What a list of arguments has the relay do. Throws where it would not start. */
const optionsOf = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const command = readCommand(argv, env);
  if (command.kind !== 'serve') throw new Error('it serves nothing');
  return command.options;
};

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly image?: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** Instructions of a Dockerfile, continued lines joined. */
const instructionsOf = (text: string): readonly Instruction[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => ({ word: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));

const dockerfile = instructionsOf(read('Dockerfile'));
/** The last of a word: of the stage that is shipped. */
const last = (word: string): string => dockerfile.findLast((each) => each.word === word)?.rest ?? '';
const compose = parse(read('compose.yaml')) as Compose;

describe('the image', () => {
  test('runs the command of the package, without a shell, as a user without rights', () => {
    const { name, bin } = JSON.parse(readFileSync(join(ROOT, 'relay/package.json'), 'utf8'));
    const command = join('/app/node_modules', name, bin['chat-room-relay']);
    expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['node', command]);
    expect(last('USER')).toBe('node');
    expect(optionsOf(JSON.parse(last('CMD')))).toMatchObject({ host: '0.0.0.0', data: last('VOLUME') });
  });

  test('serves where it says, and asks itself whether it is ready', () => {
    expect(Number(last('EXPOSE'))).toBe(optionsOf([]).port);
    const [, command] = last('HEALTHCHECK').split(' CMD ');
    const [program, flag, script] = JSON.parse(command ?? 'null');
    expect([program, flag]).toEqual(['node', '-e']);
    expect(() => new Function(script)).not.toThrow();
    expect(script).toContain('/readyz');
  });

  test('is built of workspaces and scripts that there are, on a Node.js that the relay runs on', () => {
    const built = dockerfile
      .filter(({ word }) => word === 'RUN')
      .map(({ rest }) => rest)
      .join('\n');
    const { scripts, workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const [, script = ''] of built.matchAll(/npm run (\S+)/g)) expect(scripts).toHaveProperty(script);
    const packed = [...built.matchAll(/--workspace (\S+)/g)].map(([, workspace]) => workspace);
    expect(packed).toEqual(['sdk', 'relay']);
    expect(workspaces).toEqual(expect.arrayContaining(packed));
    const stages = dockerfile.filter(({ word }) => word === 'FROM').map(({ rest }) => rest.split(' ')[0]);
    expect(new Set(stages)).toEqual(new Set(['node:20-bookworm-slim']));
  });
});

describe('compose.yaml', () => {
  const { relay, redis } = compose.services;

  test('builds the image beside it, from the root of the repository', () => {
    expect(relative(ROOT, join(DEPLOY, relay?.build?.context ?? ''))).toBe('');
    expect(existsSync(join(ROOT, relay?.build?.dockerfile ?? ''))).toBe(true);
  });

  test('has a relay whose options are known, on a port that is published, with a Redis that is waited for', () => {
    const names = Object.keys(relay?.environment ?? {});
    const options = optionsOf(relay?.command ?? [], { CHAT_ROOM_ORIGINS: '*' });
    expect(names).toEqual(['CHAT_ROOM_ORIGINS']);
    expect(relay?.ports).toEqual([`8080:${options.port}`]);
    expect(options.redis).toBe('redis://redis:6379');
    expect(relay?.depends_on).toEqual({ redis: { condition: 'service_healthy' } });
    expect(redis?.healthcheck?.test).toContain('ping');
  });

  test('keeps what it holds in volumes that there are', () => {
    const mounted = Object.values(compose.services).flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0]));
    expect(new Set(mounted)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  test('has a Redis that keeps what it acknowledged, and throws nothing away', () => {
    expect(redis?.command.join(' ')).toContain('--appendonly yes');
    expect(redis?.command.join(' ')).toContain('--maxmemory-policy noeviction');
  });
});

test('the unit starts the relay with options that are known, in the directory that it may write', () => {
  const unit = new Map(
    [...read('chat-room-relay.service').matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  const [, program, ...argv] = unit.get('ExecStart')?.split(' ') ?? [];
  expect(program).toBe('chat-room-relay');
  expect(optionsOf(argv)).toMatchObject({ data: `/var/lib/${unit.get('StateDirectory')}`, port: 8080 });
  const stopMs = Number(unit.get('TimeoutStopSec')) * 1_000;
  expect(stopMs).toBeGreaterThan(optionsOf(argv).drainWindowMs);
});

test.each(['nginx.conf', 'Caddyfile'])(
  '%s hands on to the port that the relay has, and takes files as large as it does',
  (name) => {
    const { port, maxUploadBytes } = optionsOf([]);
    expect(read(name)).toContain(`127.0.0.1:${port}`);
    const megabytes = Number(/(?:client_max_body_size|max_size) (\d+)(?:m;|MiB$)/m.exec(read(name))?.[1]);
    expect(megabytes * 1_048_576).toBeGreaterThanOrEqual(maxUploadBytes);
  },
);

describe('what is watched', () => {
  const METRIC = /\b(?:chat_room|process|nodejs)_[a-z_]+\b/g;
  /** The labels and values that a metric has are not known here; its name is. */
  const exposed = async (): Promise<ReadonlySet<string>> => {
    const zero = (): number => 0;
    const text = await new Metrics({ connections: zero, rooms: zero, members: zero, subscriptions: zero }).text();
    const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    const names = families.flatMap(([, name = '', kind]) =>
      kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    );
    return new Set(names);
  };

  test('the alerts ask for metrics that the relay exposes, and say what to do', async () => {
    const { groups } = parse(read('prometheus-alerts.yaml'));
    const names = await exposed();
    for (const { alert, expr, annotations } of groups[0].rules) {
      for (const [name] of expr.matchAll(METRIC)) expect(names, alert).toContain(name);
      expect(annotations, alert).toEqual({ summary: expect.any(String), action: expect.any(String) });
    }
  });

  test('the dashboard asks for metrics that the relay exposes, and for all that are its own', async () => {
    const { panels } = JSON.parse(read('grafana-dashboard.json'));
    const names = await exposed();
    const used = new Set<string>();
    for (const { title, targets } of panels)
      for (const { expr } of targets)
        for (const [name] of expr.matchAll(METRIC)) {
          expect(names, title).toContain(name);
          used.add(name);
        }
    const family = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');
    expect(new Set([...used].map(family))).toEqual(new Set([...names].map(family)));
    expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
  });
});
