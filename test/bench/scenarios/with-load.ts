// What all scenarios do: start a peer, start the load beside it, and end both, whatever happens.

import type { JoinReport, LoadJob, TaskReport } from '../load/messages.ts';
import type { Peer, RunningPeer } from '../peers/peer.ts';
import { RunningLoad } from '../run-load.ts';
import { verdictOf } from '../verdict.ts';
import type { Outcome } from './scenario.ts';

/** A job without what is known only once the peer runs. */
export type JobOutline = Omit<LoadJob, 'ports' | 'serverPids' | 'dialect' | 'address'>;

/** Letters behind the marker: 107 bytes of text, a line of chat. */
export const PAD_BYTES = 75;
/** Handshakes under way at a time. */
export const HANDSHAKES = 128;

/** A process of load, and how it joined. */
export interface JoinedLoad {
  readonly load: RunningLoad;
  readonly joined: JoinReport;
}

/** The first process of load comes from where the system says, each further one from an address of its own. */
const addressOf = (process: number): { readonly address?: string } =>
  process === 0 ? {} : { address: `127.0.0.${1 + process}` };

/** Runs a peer and so many processes of load that have joined it while `work` works. */
export async function withLoads<T>(
  peer: Peer,
  processes: number,
  outline: JobOutline,
  work: (loads: readonly JoinedLoad[], server: RunningPeer) => Promise<T>,
): Promise<T> {
  const server = await peer.start();
  const loads: JoinedLoad[] = [];
  try {
    while (loads.length < processes) {
      loads.push(
        await RunningLoad.start({
          ...outline,
          ...addressOf(loads.length),
          dialect: peer.dialect,
          ports: server.ports,
          serverPids: server.pids,
        }),
      );
    }
    return await work(loads, server);
  } finally {
    for (const { load } of loads) await load.stop();
    await server.stop();
  }
}

/** The same with one process of load. */
export function withLoad<T>(
  peer: Peer,
  outline: JobOutline,
  work: (load: RunningLoad, joined: JoinReport) => Promise<T>,
): Promise<T> {
  return withLoads(peer, 1, outline, ([first]) => {
    if (!first) throw new Error('There is no load.');
    return work(first.load, first.joined);
  });
}

/** Has the load do its task once, and judges it. */
export function runTask(
  peer: Peer,
  outline: JobOutline,
  figuresOf: (report: TaskReport) => Outcome['figures'],
): Promise<Outcome> {
  return withLoad(peer, outline, async (load, joined) => {
    const report = await load.run();
    const verdict = verdictOf({ ...report, failedJoins: joined.failed, latenessMs: (report.latenessUs?.p99 ?? 0) / 1_000 });
    return { figures: figuresOf(report), verdict };
  });
}

/** Processor time of the server for one delivery, in microseconds. */
export function serverCpuPerDeliveryUs({ serverCpu, seconds, deliveries }: TaskReport): number {
  return (serverCpu * seconds * 1e6) / deliveries;
}
