// Every option of the relay: its default, its unit, its bounds, where it may come from. A flag wins over the environment,
// which wins over the configuration file. A wrong value is one sentence, whoever it came from.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ApiKeyOptions } from './api/api-key.ts';
import { readApiKeys } from './api/api-key.ts';
import type { OptionHelp } from './commands/help-text.ts';
import { helpText } from './commands/help-text.ts';
import { readRedisAddress } from './engine/redis/redis-address.ts';
import { DEFAULT_UPLOAD_TYPES, fileOptionsFault, readFiles, readTypes } from './files/file-options.ts';
import type { HookOption } from './hooks/hook-options.ts';
import { readHook } from './hooks/hook-options.ts';
import { fromJson, UnfitValue } from './option-fields.ts';
import { tlsFault } from './tls-options.ts';
import type { WebhookOptions } from './webhooks/webhook-options.ts';
import { readWebhooks } from './webhooks/webhook-options.ts';

export interface RelayOptions {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  /** The relay speaks TLS itself with this certificate and key: names of PEM files; undefined where a proxy in front does, or nobody. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  /** Directory of the embedded engine's store. */
  readonly data: string;
  /** The Redis that relays share instead of a store of their own: `redis://…`, or several with commas for a cluster. */
  readonly redis: string | undefined;
  /** What an acknowledgement survives: the end of the process, or the loss of power as well. */
  readonly durability: 'process' | 'disk';
  /** Socket library; `auto` takes uWebSockets.js where it loads, else ws with a warning. */
  readonly transport: 'auto' | 'uws' | 'ws';
  /** Processes that share the port; more than one need an engine that processes can share. */
  readonly workers: number;
  /** Origins whose pages may connect, besides the relay's own; `*` for all. */
  readonly origins: readonly string[];
  /** Messages per second and connection; bursts of twice as many; 0 for no limit. */
  readonly publishRate: number;
  /** Events kept per room. */
  readonly keepEvents: number;
  /** Days that events are kept; 0 for ever. */
  readonly keepDays: number;
  /** Seconds after which a connection that answers no ping is closed: a multiple of 4. */
  readonly idleTimeoutS: number;
  /** A drain spreads the clients' return over up to so many milliseconds. */
  readonly drainWindowMs: number;
  /** Bytes of the largest file that is taken; 0 takes none. */
  readonly maxUploadBytes: number;
  /** Types of files that are taken, such as `image/png` or all of `image`. */
  readonly uploadTypes: readonly string[];
  /** Where files are kept: a directory, or `s3://bucket/prefix?endpoint=…&region=…`; undefined for `files` in `data`. */
  readonly files: string | undefined;
  /** With the secret key, what a bucket is opened with. */
  readonly filesAccessKeyId: string | undefined;
  readonly filesSecretAccessKey: string | undefined;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Whether one may connect without a token. */
  readonly guests: 'on' | 'off';
  /** Tokens are checked with this shared secret (HS256), 32 bytes at least. */
  readonly jwtSecret: string | undefined;
  /** Tokens are checked with this public key (RS256, ES256, EdDSA): PEM, or the name of a file that holds it. */
  readonly jwtPublicKey: string | undefined;
  /** Tokens are checked with the keys behind this URL (JWKS). */
  readonly jwksUrl: string | undefined;
  /** The `iss` that tokens must have; undefined for any. */
  readonly jwtIssuer: string | undefined;
  /** The `aud` that tokens must have; undefined for any. */
  readonly jwtAudience: string | undefined;
  /** Keys of the server API; without one it takes no requests. */
  readonly apiKeys: readonly ApiKeyOptions[];
  /** Endpoints that are told of what happens in rooms. */
  readonly webhooks: readonly WebhookOptions[];
  /** Who is asked before an event is stored; undefined for nobody. */
  readonly beforePublish: HookOption | undefined;
}

/** A value that can't be used. `message` is one sentence for the operator. */
export class OptionError extends Error {
  readonly code = 'bad_option';
  constructor(message: string) {
    super(message);
    this.name = 'OptionError';
  }
}

interface Spec<T> {
  readonly fallback: T;
  readonly value: string;
  readonly help: string;
  /** The value that a text or a JSON value stands for; undefined, or an UnfitValue thrown, where it stands for none. */
  readonly read: (raw: unknown) => T | undefined;
  /** What would have been right, for the sentence. */
  readonly expected: string;
  /** True for what no list of processes, log or message may show: there is no flag for it. */
  readonly isSecret?: true;
}

const specs: { readonly [K in keyof RelayOptions]: Spec<RelayOptions[K]> } = {
  port: whole(8080, 0, 65_535, 'PORT', 'TCP port; 0 takes any free one'),
  host: text('0.0.0.0', 'HOST', 'address to listen on'),
  tlsCert: maybeText('FILE', 'certificate with its chain (PEM), for a relay that speaks TLS itself'),
  tlsKey: maybeText('FILE', 'key of that certificate (PEM), in a file that nobody else can read'),
  data: text('./data', 'DIR', 'directory of the store'),
  redis: {
    fallback: undefined,
    value: 'URL',
    help: 'Redis that several relays share instead: redis://host:6379, seeds of a cluster with commas',
    read: readRedis,
    expected: 'an address',
  },
  durability: oneOf(
    'process',
    ['process', 'disk'],
    'what an acknowledgement survives: the end of the process, or the loss of power too',
  ),
  transport: oneOf('auto', ['auto', 'uws', 'ws'], 'socket library'),
  workers: whole(1, 1, 256, 'N', 'processes that share the port, with --redis'),
  origins: {
    fallback: ['*'],
    value: 'LIST',
    help: "origins whose pages may connect besides the relay's own, separated by commas; * for all",
    read: readOrigins,
    expected: 'a list such as https://example.com,https://www.example.com, or *',
  },
  publishRate: whole(30, 0, 1_000_000, 'N', 'messages per second and connection, bursts of twice as many; 0 for no limit'),
  keepEvents: whole(100_000, 1, 1_000_000_000, 'N', 'events kept per room'),
  keepDays: whole(0, 0, 36_500, 'N', 'days that events are kept; 0 for ever'),
  idleTimeoutS: {
    ...whole(40, 8, 960, 'S', 'seconds after which a connection that answers no ping is closed'),
    read: (raw) => (Number(raw) % 4 === 0 && Number(raw) >= 8 && Number(raw) <= 960 ? Number(raw) : undefined),
    expected: 'a multiple of 4 from 8 to 960',
  },
  drainWindowMs: whole(10_000, 0, 600_000, 'MS', "spread the clients' return after a drain over up to so many milliseconds"),
  maxUploadBytes: whole(10_485_760, 0, 5_000_000_000, 'N', 'bytes of the largest file that is taken; 0 takes none'),
  uploadTypes: {
    fallback: DEFAULT_UPLOAD_TYPES,
    value: 'LIST',
    help: 'types of files that are taken, separated by commas; */* for all',
    read: readTypes,
    expected: 'a list such as image/*,application/pdf',
  },
  files: {
    fallback: undefined,
    value: 'DIR|URL',
    help: 'where files are kept: a directory, by default in --data, or s3://bucket/prefix?endpoint=URL&region=NAME',
    read: readFiles,
    expected: 'a directory, or an address such as s3://bucket/prefix?region=eu-central-1',
  },
  filesAccessKeyId: maybeText('TEXT', 'id of the key that the bucket of --files is opened with'),
  filesSecretAccessKey: { ...maybeText('TEXT', 'secret key that the bucket of --files is opened with'), isSecret: true },
  logLevel: oneOf('info', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'least level that is logged'),
  guests: oneOf('on', ['on', 'off'], 'whether one may connect without a token'),
  jwtSecret: { ...maybeText('TEXT', 'shared secret that tokens are checked with (HS256), 32 bytes at least'), isSecret: true },
  jwtPublicKey: maybeText('PEM|FILE', 'public key that tokens are checked with (RS256, ES256, EdDSA)'),
  jwksUrl: maybeText('URL', 'where the public keys are that tokens are checked with'),
  jwtIssuer: maybeText('TEXT', 'issuer that tokens must name'),
  jwtAudience: maybeText('TEXT', 'audience that tokens must name'),
  apiKeys: structured([], readApiKeys, 'keys of the server API, as JSON: see chat-room-relay api-key'),
  webhooks: structured([], readWebhooks, 'endpoints that are told of what happens in rooms, as JSON'),
  beforePublish: structured(undefined, readHook, 'HTTP endpoint that is asked before an event is stored, as JSON'),
};

const names = Object.keys(specs) as (keyof RelayOptions)[];
const flagNames = names.filter((name) => !specs[name].isSecret);

export type Command =
  | { readonly kind: 'serve'; readonly options: RelayOptions }
  | { readonly kind: 'help'; readonly text: string };

/** What a command line and an environment ask for. Throws an OptionError. */
export function readCommand(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Command {
  const flags = readFlags(argv);
  if (flags.help) return { kind: 'help', text: helpText(optionsHelp()) };
  const given = new Map<string, { readonly from: string; readonly raw: unknown }>();
  const file = flags.values['config'] ?? env['CHAT_ROOM_CONFIG'];
  if (file !== undefined) for (const [name, raw] of readFile(file)) given.set(name, { from: `${name} in ${file}`, raw });
  if (env['PORT'] !== undefined) given.set('port', { from: 'PORT', raw: env['PORT'] });
  for (const name of names) {
    const variable = variableOf(name);
    if (env[variable] !== undefined) given.set(name, { from: variable, raw: env[variable] });
    const flag = flags.values[kebab(name)];
    if (flag !== undefined) given.set(name, { from: `--${kebab(name)}`, raw: flag });
  }
  return { kind: 'serve', options: resolve(given) };
}

/** Options of the library: what is not given takes its default. Throws an OptionError. */
export function resolveOptions(options: Partial<RelayOptions>): RelayOptions {
  const resolved = resolve(
    new Map(names.filter((name) => options[name] !== undefined).map((name) => [name, { from: name, raw: options[name] }])),
  );
  if (resolved.workers === 1) return resolved;
  throw new OptionError("workers can't be more than 1 in a library: a relay is one process; the command starts several.");
}

function resolve(given: ReadonlyMap<string, { readonly from: string; readonly raw: unknown }>): RelayOptions {
  const options = Object.fromEntries(names.map((name) => [name, resolveOne(name, given.get(name))])) as unknown as RelayOptions;
  checkWorkers(options, given);
  const fault = fileOptionsFault(options) ?? tlsFault(options);
  if (fault !== undefined) throw new OptionError(fault);
  return options;
}

function checkWorkers({ workers }: RelayOptions, given: ReadonlyMap<string, { readonly from: string }>): void {
  if (workers === 1 || given.has('redis')) return;
  const from = given.get('workers')?.from ?? 'workers';
  throw new OptionError(`${from} can't be ${workers} without --redis: the embedded engine runs in one process.`);
}

function resolveOne(name: keyof RelayOptions, given: { readonly from: string; readonly raw: unknown } | undefined): unknown {
  const { fallback, read, expected, isSecret } = specs[name];
  if (!given) return fallback;
  const value = attempt(() => read(given.raw), given.from);
  if (value === undefined) {
    const shown = isSecret ? 'what it is' : JSON.stringify(given.raw);
    throw new OptionError(`${given.from} can't be ${shown}: it takes ${expected}.`);
  }
  return value;
}

function attempt<T>(read: () => T, from: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnfitValue) throw new OptionError(`${from} can't be used: ${error.message}.`);
    throw error;
  }
}

function readFlags(argv: readonly string[]): {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly help: boolean;
} {
  const flags = [...flagNames.map(kebab), 'config'];
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      strict: true,
    });
    const { help = false, ...rest } = values as Record<string, string | undefined> & { help?: boolean };
    return { values: rest, help };
  } catch (error) {
    throw new OptionError(`${(error as Error).message.split(/\.\s/)[0]}. --help lists the options.`);
  }
}

function readFile(path: string): [string, unknown][] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new OptionError(`The configuration file ${path} can't be read: ${(error as Error).message}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionError(`The configuration file ${path} must hold one JSON object.`);
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(specs, name)) throw new OptionError(`${name} in ${path} is no option; --help lists them.`);
  }
  return Object.entries(value);
}

function optionsHelp(): ReadonlyMap<keyof RelayOptions, OptionHelp> {
  return new Map(
    names.map((name) => {
      const { value, help, fallback = 'none', isSecret } = specs[name];
      const term = isSecret ? variableOf(name) : `--${kebab(name)} ${value}`;
      return [name, { term, help, fallback: Array.isArray(fallback) ? fallback.join(',') || 'none' : String(fallback) }];
    }),
  );
}

function whole(fallback: number, min: number, max: number, value: string, help: string): Spec<number> {
  const read = (raw: unknown): number | undefined => {
    const number = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw;
    return Number.isInteger(number) && (number as number) >= min && (number as number) <= max ? (number as number) : undefined;
  };
  return { fallback, value, help, read, expected: `a whole number from ${min} to ${max}` };
}

function text(fallback: string, value: string, help: string): Spec<string> {
  return {
    fallback,
    value,
    help,
    read: (raw) => (typeof raw === 'string' && raw !== '' ? raw : undefined),
    expected: 'a text that is not empty',
  };
}

/** A text that may be absent. */
function maybeText(value: string, help: string): Spec<string | undefined> {
  return { ...text('', value, help), fallback: undefined };
}

/** A value with parts of its own, from the file, or as JSON from the environment. There may be secrets among them. */
function structured<T>(fallback: T, readValue: (value: unknown) => T, help: string): Spec<T> {
  return { fallback, value: 'JSON', help, read: (raw) => readValue(fromJson(raw)), expected: 'JSON', isSecret: true };
}

function oneOf<T extends string>(fallback: T, values: readonly T[], help: string): Spec<T> {
  return {
    fallback,
    value: values.join('|'),
    help,
    read: (raw) => values.find((value) => value === raw),
    expected: `one of ${values.join(', ')}`,
  };
}

/** Throws an UnfitValue that does not repeat the address: it may hold a password. */
function readRedis(raw: unknown): string {
  try {
    readRedisAddress(String(raw));
  } catch {
    throw new UnfitValue('it must look like redis://host:6379, or rediss:// for TLS');
  }
  return String(raw);
}

function readOrigins(raw: unknown): readonly string[] | undefined {
  const list = typeof raw === 'string' ? raw.split(',').map((origin) => origin.trim()) : raw;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.every((origin) => origin === '*' || isOrigin(origin)) ? (list as string[]) : undefined;
}

function isOrigin(text: unknown): boolean {
  return typeof text === 'string' && URL.canParse(text) && new URL(text).origin === text;
}

function variableOf(name: string): string {
  return `CHAT_ROOM_${snake(name).toUpperCase()}`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function snake(name: string): string {
  return kebab(name).replaceAll('-', '_');
}
