// Routes: which consumer a WebSocket's path is bound to. `:name` stands for one segment of the path, `:name+` for one or
// more, with their slashes. A slash at the end of a path makes no difference.

import type { Connection } from './connection.ts';
import { Consumer } from './consumer.ts';

/** The parts of a path that a route names, percent-decoded. */
export type RouteParams = Readonly<Record<string, string>>;

type ParamName<Segment> = Segment extends `:${infer Name}+` ? Name : Segment extends `:${infer Name}` ? Name : never;
type ParamNames<Path> = Path extends `${infer Head}/${infer Tail}` ? ParamName<Head> | ParamNames<Tail> : ParamName<Path>;

/** What the parameters of a route are called: `{ file: string }` for `/ws/tail/:file`. */
export type ParamsOf<Path extends string> = { readonly [Name in ParamNames<Path>]: string };

/** A consumer's class, or a function that makes one for each connection. */
export type ConsumerFactory<Params> =
  | (new (
      connection: Connection<Params>,
    ) => Consumer)
  | ((connection: Connection<Params>) => Consumer);

/**
 * When a connection says who it is: `upgrade`: by the headers of its request, before it is let in; `later`: by a frame,
 * which its consumer hands to `authenticate`.
 */
export type AuthenticationTime = 'upgrade' | 'later';

export interface RouteOptions {
  /** Default `upgrade`. */
  readonly authentication?: AuthenticationTime;
}

export interface Route {
  /** The path as it was given. */
  readonly path: string;
  readonly authentication: AuthenticationTime;
  /** What the path's parameters are, or undefined where it is another's. A part that can't be decoded reads as ''. */
  match(path: string): RouteParams | undefined;
  create(connection: Connection): Consumer;
}

/** Binds a consumer to a path. Throws a RangeError where the path is no route. */
export function route<Path extends string>(
  path: Path,
  consumer: ConsumerFactory<ParamsOf<Path>>,
  { authentication = 'upgrade' }: RouteOptions = {},
): Route {
  const segments = segmentsOf(path);
  const create = isConsumerClass(consumer) ? (connection: Connection<ParamsOf<Path>>) => new consumer(connection) : consumer;
  return {
    path,
    authentication,
    match: (requested) => matchSegments(segments, requested),
    create: create as Route['create'], // `match` gives the parameters that the type promises
  };
}

type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'rest'; readonly name: string };

const PARAM = /^:([A-Za-z][A-Za-z0-9]*)(\+?)$/;

function segmentsOf(path: string): readonly Segment[] {
  if (!path.startsWith('/')) throw new RangeError(`The route ${path} must begin with a slash.`);
  const segments = split(path).map((text): Segment => {
    const [, name, plus] = PARAM.exec(text) ?? [];
    if (name === undefined && /[:+*?]/.test(text))
      throw new RangeError(`${text} in the route ${path} is no parameter: see :name and :name+.`);
    if (name === undefined) return { kind: 'text', text };
    return { kind: plus === '+' ? 'rest' : 'one', name };
  });
  if (segments.slice(0, -1).some(({ kind }) => kind === 'rest'))
    throw new RangeError(`Only the last part of the route ${path} may take the rest of a path.`);
  return segments;
}

function matchSegments(segments: readonly Segment[], path: string): RouteParams | undefined {
  const parts = split(path);
  const hasRest = segments.at(-1)?.kind === 'rest';
  if (hasRest ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    const raw = segment.kind === 'rest' ? parts.slice(i).join('/') : (parts[i] ?? '');
    if (segment.kind === 'text' ? raw !== segment.text : raw === '') return undefined;
    if (segment.kind !== 'text') params[segment.name] = decoded(raw);
  }
  return params;
}

/** Without the slash at either end. */
function split(path: string): string[] {
  return path.slice(1, path.length > 1 && path.endsWith('/') ? -1 : undefined).split('/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function isConsumerClass<Params>(
  consumer: ConsumerFactory<Params>,
): consumer is Extract<ConsumerFactory<Params>, abstract new (...args: never) => unknown> {
  return consumer === Consumer || consumer.prototype instanceof Consumer;
}
