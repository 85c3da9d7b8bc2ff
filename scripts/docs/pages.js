// The pages of the documentation, in the order of the menu.

/**
 * `source` is Markdown, relative to the workspace; `api` is made of the packages' own comments.
 * @typedef {{ name: string, title: string, group: string, summary: string, source: string | 'api' }} Page
 */

/** @type {readonly Page[]} */
export const PAGES = [
  {
    name: 'quick-start',
    title: 'Quick start',
    group: 'Begin',
    summary: 'A live chat on a page of yours, from nothing, in five minutes.',
    source: 'demo/docs/quick-start.md',
  },
  {
    name: 'embed',
    title: 'Embed',
    group: 'Begin',
    summary: 'The tag: attributes, its look, people whom your server knows, strict sites.',
    source: 'demo/docs/embed.md',
  },
  {
    name: 'migrate',
    title: 'From the classic tutorial',
    group: 'Begin',
    summary: 'Consumers, channels, groups, layer: the same words, side by side.',
    source: 'demo/docs/migrate.md',
  },
  {
    name: 'sdk',
    title: 'The SDK',
    group: 'Build',
    summary: 'A typed client that loses nothing, for a UI of your own.',
    source: 'demo/docs/sdk.md',
  },
  {
    name: 'consumers',
    title: 'Write a consumer',
    group: 'Build',
    summary: 'Code of your own, bound to a route: auctions, games, tickers.',
    source: 'demo/docs/consumers.md',
  },
  {
    name: 'api',
    title: 'API reference',
    group: 'Build',
    summary: 'Every public name of the SDK, as the compiler sees it.',
    source: 'api',
  },
  {
    name: 'self-host',
    title: 'Self-host',
    group: 'Run',
    summary: 'One small machine at first, many later: service, TLS, proxies, Redis, limits.',
    source: 'demo/docs/self-host.md',
  },
  {
    name: 'operate',
    title: 'Operate',
    group: 'Run',
    summary: 'Health, metrics, alerts, backup, upgrade, and what failures look like.',
    source: 'demo/docs/operate.md',
  },
  {
    name: 'security',
    title: 'Security model',
    group: 'Run',
    summary: 'What is protected, against whom, and what is left to you.',
    source: 'demo/docs/security.md',
  },
  {
    name: 'benchmarks',
    title: 'What was measured',
    group: 'Run',
    summary: 'The relay beside its peers on one machine: what was reached, what was not, and why.',
    source: 'test/bench/RESULTS.md',
  },
  {
    name: 'protocol',
    title: 'Protocol',
    group: 'Run',
    summary: 'What a client and a relay say to each other, rule by rule.',
    source: 'sdk/PROTOCOL.md',
  },
];
