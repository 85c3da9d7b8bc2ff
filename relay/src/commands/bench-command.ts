// `chat-room-relay bench`: how a running relay fares with a room full of people, in a few seconds. It is a look, not a
// comparison: load and relay share the machine, where they are on one.

import { isIPv4 } from 'node:net';
import { OptionError } from '../options.ts';
import { BenchRoom } from './bench-room.ts';
import { readCommandLine, wholeFlag } from './command-line.ts';

const DEFAULT_URL = 'ws://localhost:8080/ws';
const MAX_CONNECTIONS = 5_000;
const MAX_PUBLISHES_PER_S = 1_000;
/** Half of what a relay takes of one connection. */
const MAX_PUBLISHES_PER_CONNECTION_S = 50;
/** All latencies are kept until the end. */
const MAX_DELIVERIES = 5_000_000;
const MAX_SECONDS = 60;

export const BENCH_HELP = `chat-room-relay bench: measures a running relay for a few seconds

Usage: chat-room-relay bench [URL] [options]
       chat-room-relay bench ${DEFAULT_URL} --connections 500 --rate 20 --seconds 5

  --connections N     people in a room of its own that all hear everything (100), ${MAX_CONNECTIONS} at the most
  --rate N            messages a second, by all of them together (20), ${MAX_PUBLISHES_PER_S} at the most
  --seconds N         for how long (5), ${MAX_SECONDS} at the most
  --token TOKEN       for a relay that takes no guests: see chat-room-relay token
  --yes               also where the URL is not of this machine or of a private network

It prints what was delivered, and how long after its publish a message was there. The messages are ephemeral events: they
take the way that all events take to their readers, and leave nothing behind. The disk is not measured.
`;

/** What the command prints. `argv` is what stands behind `bench`. Rejects with an OptionError or a BenchError. */
export async function runBenchCommand(argv: readonly string[]): Promise<string> {
  const { values, switches, positionals } = readCommandLine('bench', argv, {
    texts: ['connections', 'rate', 'seconds', 'token'],
    switches: ['yes'],
    maxPositionals: 1,
  });
  if (switches.has('help')) return BENCH_HELP;
  const url = readUrl(positionals[0] ?? DEFAULT_URL);
  if (!switches.has('yes') && !isNear(url.hostname))
    throw new OptionError(`${url.hostname} may be somebody else's: say --yes where it is yours to load.`);
  const connections = wholeFlag('connections', values['connections'], 100, MAX_CONNECTIONS);
  const publishesPerS = wholeFlag('rate', values['rate'], 20, MAX_PUBLISHES_PER_S);
  const seconds = wholeFlag('seconds', values['seconds'], 5, MAX_SECONDS);
  if (publishesPerS > connections * MAX_PUBLISHES_PER_CONNECTION_S)
    throw new OptionError(
      `--rate can't be more than ${MAX_PUBLISHES_PER_CONNECTION_S} for each connection: a relay refuses more.`,
    );
  if (publishesPerS * seconds * connections > MAX_DELIVERIES)
    throw new OptionError(`That would be more than ${MAX_DELIVERIES} deliveries: take fewer connections, messages or seconds.`);
  const room = await BenchRoom.open({ url: url.href, connections, token: values['token'] });
  try {
    const { sent, expected, delivered, p50Ms, p99Ms } = await room.measure({ publishesPerS, seconds });
    return `${url.href}: ${connections} connections in one room, ${sent} messages in ${seconds} s
delivered  ${delivered} of ${expected}, ${Math.round(delivered / seconds)} a second
latency    p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms
`;
  } finally {
    await room.close();
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^wss?:$/.test(url.protocol) || url.hostname === '')
    throw new OptionError(`${JSON.stringify(text)} is no address of a relay: it looks like ${DEFAULT_URL}.`);
  return url;
}

/** True for this machine and private networks, by address; a name other than localhost may be anybody's. */
export function isNear(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  if (/^\[f[cd][\da-f]{2}:/i.test(hostname)) return true;
  return isIPv4(hostname) && /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(hostname);
}
