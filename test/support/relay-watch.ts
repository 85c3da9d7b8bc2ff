// What can be seen of a relay from outside: its metrics, and what the kernel counts of its process.
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { text as textIn } from 'node:stream/consumers';
import type { LogLine, RelayProcess } from './relay-launch.ts';

/** pino's number for `error`; what is above is worse. */
const ERROR_LEVEL = 50;

/** The relay's metrics by name, with labels as they are written: `chat_room_refusals_total{code="internal"}`. */
export async function readMetrics(http: string): Promise<ReadonlyMap<string, number>> {
  const text = await textOf(`${http}/metrics`);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

/** Memory that is the process's own, in MiB: without pages of the store's file, which the kernel may take back. */
export function privateMemoryMiB(pid: number): number {
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`The memory of process ${pid} can't be read.`);
  return Number(kib) / 1_024;
}

/** Open files and sockets. */
export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** What it has logged as an error, or worse. */
export function loggedErrors({ log }: Pick<RelayProcess, 'log'>): readonly LogLine[] {
  return log.filter(({ level }) => typeof level === 'number' && level >= ERROR_LEVEL);
}

/** Over a connection that ends with it: one that is kept would be counted among what is looked at. */
function textOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => textIn(response).then(resolve, reject)).once('error', reject);
  });
}
