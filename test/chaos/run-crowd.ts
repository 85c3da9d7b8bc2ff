import { rmSync } from 'node:fs';
import type { CrowdFigures } from './crowd.ts';
import { runCrowd } from './crowd.ts';
import { RelayLives, temporaryDirectory } from './processes.ts';
import { Waits } from './waits.ts';

export const CROWD_HELP = '10,000 clients lose their connections every 15 s for 2 s, at 2 messages/s: all delivered, none twice';
const TARGET_P99_MS = 1_000;

export interface CrowdRun {
  readonly members: number;
  readonly lengthMs: number;
  readonly signal?: AbortSignal;
}

/** Runs the crowd against a relay of its own. Prints what came of it; resolves with the number of findings. */
export async function crowd({ members, lengthMs, signal }: CrowdRun): Promise<number> {
  const data = temporaryDirectory();
  const args = ['--port', '0', '--host', '127.0.0.1', '--publish-rate', '0', '--data', data];
  const relay = new RelayLives({ args, env: {} });
  const waits = new Waits(signal);
  try {
    await relay.start();
    const [thereMs, awayMs] = [13_000, 2_000];
    const rounds = Math.max(1, Math.floor(lengthMs / (thereMs + awayMs)));
    const figures = await runCrowd({ port: relay.port, members, messagesPerSecond: 2, thereMs, awayMs, rounds }, waits);
    return tellCrowd(figures);
  } finally {
    waits.end();
    await relay.end('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}

function tellCrowd(figures: CrowdFigures): number {
  const { members, sent, delivered, expected, doubled, replayP50Ms, replayP99Ms, replayMaxMs } = figures;
  const part = ((delivered / Math.max(1, expected)) * 100).toFixed(3);
  const verdict = replayP99Ms <= TARGET_P99_MS ? 'reached' : 'missed';
  console.log(
    `crowd          ${members} clients, ${sent} sent, ${delivered} of ${expected} delivered (${part} %), ${doubled} doubled`,
  );
  console.log(
    `  replay p50 ${replayP50Ms} ms, p99 ${replayP99Ms} ms, at most ${replayMaxMs} ms; target for p99 ${TARGET_P99_MS} ms: ${verdict}`,
  );
  return (delivered === expected ? 0 : 1) + (doubled === 0 ? 0 : 1);
}
