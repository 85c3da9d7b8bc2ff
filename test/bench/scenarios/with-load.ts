// What all scenarios do: start a peer, start the load beside it, and end both, whatever happens.

import type { JoinReport, LoadJob, TaskReport } from '../load/messages.ts';
import type { Peer, RunningPeer } from '../peers/peer.ts';
import { RunningLoad } from '../run-load.ts';
import { verdictOf } from '../verdict.ts';
import type { Outcome } from './scenario.ts';

/** A job without what is known only once the peer runs. */
export type JobOutline = Omit<LoadJob, 'ports' | 'serverPids' | 'dialect'>;

/** Letters behind the marker: 107 bytes of text, a line of chat. */
export const PAD_BYTES = 75;
/** Handshakes under way at a time. */
export const HANDSHAKES = 128;

/** Runs a peer and a load that has joined it while `work` works. */
export async function withLoad<T>(
  peer: Peer,
  outline: JobOutline,
  work: (load: RunningLoad, joined: JoinReport, server: RunningPeer) => Promise<T>,
): Promise<T> {
  const server = await peer.start();
  try {
    const job: LoadJob = { ...outline, dialect: peer.dialect, ports: server.ports, serverPids: server.pids };
    const { load, joined } = await RunningLoad.start(job);
    try {
      return await work(load, joined, server);
    } finally {
      await load.stop();
    }
  } finally {
    await server.stop();
  }
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
