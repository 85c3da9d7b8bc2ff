// What `--help` says: how the command is used, and its options in groups that belong together.

import type { RelayOptions } from '../options.ts';

const TERM_COLUMNS = 32;

const GROUPS: readonly { readonly title: string; readonly options: readonly (keyof RelayOptions)[] }[] = [
  { title: 'Where it listens', options: ['port', 'host', 'tlsCert', 'tlsKey', 'transport', 'workers', 'idleTimeoutS'] },
  { title: 'What it keeps, and where', options: ['data', 'durability', 'redis', 'keepEvents', 'keepDays'] },
  {
    title: 'Who may connect',
    options: ['origins', 'guests', 'jwtSecret', 'jwtPublicKey', 'jwksUrl', 'jwtIssuer', 'jwtAudience', 'publishRate'],
  },
  {
    title: 'Files that members send',
    options: ['files', 'filesAccessKeyId', 'filesSecretAccessKey', 'maxUploadBytes', 'uploadTypes'],
  },
  { title: 'Servers of yours', options: ['apiKeys', 'webhooks', 'beforePublish'] },
  { title: 'How it is run', options: ['logLevel', 'drainWindowMs'] },
];

/** What `--help` says of one option. */
export interface OptionHelp {
  /** A flag with its value, or the variable of a secret. */
  readonly term: string;
  readonly help: string;
  readonly fallback: string;
}

/** The text of `--help`. An option that belongs to no group stands at the end. */
export function helpText(options: ReadonlyMap<keyof RelayOptions, OptionHelp>): string {
  const grouped = new Set(GROUPS.flatMap((group) => group.options));
  const rest = { title: 'Others', options: [...options.keys()].filter((name) => !grouped.has(name)) };
  const sections = [...GROUPS, rest].filter((group) => group.options.length > 0);
  return `chat-room-relay: a chat relay with rooms, durable history and presence

Usage: chat-room-relay [serve] [options]      serves, until SIGTERM
       chat-room-relay check [options]        looks whether it could serve with these options, and says what to do
       chat-room-relay token --id ID …        makes a token for a member
       chat-room-relay api-key NAME …         makes a key of the server API
       chat-room-relay bench [URL]            measures a running relay for a few seconds
       chat-room-relay help [COMMAND]         this text, or that of a command

Examples:
  chat-room-relay                                          on port 8080, with its data in ./data
  chat-room-relay --origins https://www.example.com --durability disk --data /var/lib/chat-room
  chat-room-relay --redis redis://10.0.0.5:6379 --workers 4
  CHAT_ROOM_JWT_SECRET=… chat-room-relay --guests off      only who has a token

${sections.map(({ title, options: names }) => `${title}:\n${names.map((name) => optionLine(options.get(name))).join('')}`).join('\n')}
${line('--config FILE', 'a JSON file with the options above in camelCase')}${line('--help', 'this text')}${line('--version', 'which version this is')}
Each option has an environment variable, CHAT_ROOM_PUBLISH_RATE for --publish-rate. A flag wins over the environment,
which wins over the file. A secret has no flag, since a list of processes would show it.
SIGTERM drains: clients are told when to come back, what is under way is stored.
`;
}

function optionLine(option: OptionHelp | undefined): string {
  return option ? line(option.term, `${option.help} (${option.fallback})`) : '';
}

function line(term: string, help: string): string {
  const column =
    term.length < TERM_COLUMNS ? `${term.padEnd(TERM_COLUMNS)}${help}` : `${term}\n  ${''.padEnd(TERM_COLUMNS)}${help}`;
  return `  ${column}\n`;
}
