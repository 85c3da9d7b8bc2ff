// Which way imports may point, between the packages and inside the relay. The rules are data; the rest reads the sources.
import { posix } from 'node:path';
import { sourceFiles } from './source-files.js';
import { importsOf, parse } from './syntax.js';

/**
 * A file that `files` matches may import, of the names that `of` matches, only those that `only` matches. A name is the
 * path of a file in the workspace, a package or builtin as it is written, or `global:process.env`.
 * `types: true` lets imports of mere types pass: they are gone once the code runs.
 * @typedef {{ files: RegExp, of: RegExp, only: RegExp, types?: boolean, because: string }} Rule
 */

const ANY = /^/;
const NONE = /$^/;
const PACKAGES = ['sdk', 'relay', 'widget', 'demo'];

/** @type {readonly Rule[]} */
const RULES = [
  // Between the packages: protocol ← sdk ← widget ← demo, and protocol ← relay.
  {
    files: /^sdk\/src\/protocol\//,
    of: ANY,
    only: /^sdk\/src\/protocol\//,
    because: 'the protocol depends on nothing, so that a relay can have it without the client',
  },
  {
    files: /^sdk\/src\//,
    of: ANY,
    only: /^sdk\/src\/|^#web-socket$|^ws$/,
    because: 'the SDK depends on nothing but ws, and that on Node only',
  },
  {
    files: /^sdk\/src\/(?!transport\/web-socket-node\.ts$)/,
    of: /^ws$/,
    only: NONE,
    because: 'only sdk/src/transport/web-socket-node.ts is left out of the browser build',
  },
  {
    files: /^relay\/src\//,
    of: /^@chat-room\/|^(sdk|widget|demo)\//,
    only: /^@chat-room\/sdk\/protocol$/,
    because: 'the relay shares the protocol with the SDK, and nothing else',
  },
  {
    files: /^widget\/src\/frameworks\//,
    of: ANY,
    only: NONE,
    types: true,
    because: 'what frameworks need is types, and no page loads a byte of it',
  },
  {
    files: /^widget\/src\/(?!frameworks\/)/,
    of: ANY,
    only: /^widget\/src\/|^@chat-room\/sdk(\/[\w-]+)?$|^lit(\/|$)/,
    because: 'the widget stands on the SDK and Lit',
  },
  {
    files: /^demo\/src\//,
    of: ANY,
    only: /^demo\/(src|gallery\/shared)\/|^@chat-room\/(widget|sdk)(\/|$)|^minisearch$/,
    because: 'the demo uses what any page could use',
  },
  {
    files: /^demo\/gallery\/(?!routes\.ts$|[^/]+\/consumer(\.ts$|\/))/,
    of: /^(sdk|relay|widget|demo\/src)\/|^node:|^@chat-room\/(?!sdk(\/|$))/,
    only: NONE,
    because: 'a page of the gallery uses what any page could use: the SDK, or a plain WebSocket',
  },
  {
    files: /^demo\/(server|gallery\/routes|gallery\/[^/]+\/consumer(\/.*)?)\.ts$/,
    of: /^(sdk|relay|widget|demo\/src|demo\/gallery\/shared)\/|^@chat-room\/(?!relay(\/serve)?$|sdk(\/|$))/,
    only: NONE,
    because: 'a consumer of the gallery uses what any program could use',
  },
  {
    files: /^demo\/gallery\/(?!(routes|[^/]+\/(page|consumer)(\/.*)?)\.ts$|shared\/)/,
    of: /^global:(document|window|process)\b|^node:/,
    only: NONE,
    because: 'what stands beside a page and its consumer is pure, so that both can use it',
  },
  {
    files: /^(sdk|relay|widget|demo|scripts)\//,
    of: /^(test\/|@chat-room\/test)/,
    only: NONE,
    because: 'nothing depends on the tests',
  },
  ...PACKAGES.map((own) => ({
    files: new RegExp(`^${own}/src/`),
    of: new RegExp(`^(${PACKAGES.join('|')}|scripts)/`),
    only: new RegExp(`^${own}/(src|gallery/shared)/`),
    because: 'another package is imported by its name, so that its exports are its only door',
  })),

  // Inside the relay: each foreign thing has one file that knows it, and what can be pure is.
  {
    files: /^relay\/src\/(?!adapter\/uws-binding\.ts$)/,
    of: /^uWebSockets\.js$/,
    only: NONE,
    because: 'only adapter/uws-binding.ts loads uWebSockets.js, which may not be there',
  },
  {
    files: /^relay\/src\/(?!(adapter\/ws-adapter|commands\/bench-connection)\.ts$)/,
    of: /^ws$/,
    only: NONE,
    types: true,
    because: 'only adapter/ws-adapter.ts knows ws, and the bench, which is a client',
  },
  {
    // uws-binding.ts sets what the native library reads from the environment, and from nowhere else.
    files: /^relay\/src\/(?!(serve|adapter\/uws-binding)\.ts$)/,
    of: /^global:process\.(argv|env|exit|exitCode|on|once|stdin|stdout|stderr)$|^(node:)?process$/,
    only: NONE,
    because: 'only serve.ts is a program: everything else is a library',
  },
  {
    files: /^relay\/src\/(?!workers\/cluster-processes\.ts$)/,
    of: /^(node:)?cluster$/,
    only: NONE,
    because: 'only workers/cluster-processes.ts knows how processes share a port',
  },
  {
    files: /^relay\/src\/engine\//,
    of: /^relay\/src\/(adapter|http|native|plain)\//,
    only: NONE,
    because: 'an engine knows rooms and logs, not sockets',
  },
  {
    files: /^relay\/src\/(adapter|engine|http|native|plain|room|auth|workers)\//,
    of: /^relay\/src\/(cli|serve|index|relay)\.ts$/,
    only: NONE,
    because: 'the parts do not know the whole that is made of them',
  },
  {
    files: /^relay\/src\/room\//,
    of: /^(?!relay\/|@chat-room\/sdk\/protocol$)/,
    only: NONE,
    types: true,
    because: 'rooms are pure: time, randomness and storage are handed to them',
  },
  {
    files: /\/(machine|workers\/supervision)\.ts$/,
    of: /^(?!(relay|sdk)\/|@chat-room\/sdk\/protocol$)/,
    only: NONE,
    types: true,
    because: 'a machine is pure: time and randomness are handed to it',
  },
];

/** Files on which the rules are kept: what is written in TypeScript or JavaScript. */
const CODE = /\.(ts|js)$/;

/** One sentence per import that points the wrong way. @returns {string[]} */
export function findWrongImports() {
  return [...PACKAGES, 'scripts']
    .flatMap(sourceFiles)
    .filter((path) => CODE.test(path))
    .flatMap((path) => wrongImportsOf(path, importsOf(parse(path))));
}

/** @param {string} path @param {readonly import('./syntax.js').Import[]} imports @returns {string[]} */
export function wrongImportsOf(path, imports) {
  const rules = RULES.filter((rule) => rule.files.test(path));
  return imports.flatMap(({ name, line, typeOnly }) => {
    const target = name.startsWith('.') ? posix.join(posix.dirname(path), name) : name;
    const broken = rules.find((rule) => !(typeOnly && rule.types) && rule.of.test(target) && !rule.only.test(target));
    return broken === undefined ? [] : [`${path}:${line} uses ${target}, but ${broken.because}.`];
  });
}
