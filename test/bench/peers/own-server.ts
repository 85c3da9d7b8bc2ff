import { CORE, ownCommand, start, stop, written } from '../processes.ts';
import type { RunningPeer } from './peer.ts';

/** Starts one of the servers in `servers/`, in a process of its own. */
export async function startOwnServer(name: string): Promise<RunningPeer> {
  const child = start(CORE.server, ownCommand('serve', name), { stdio: ['ignore', 'pipe', 'inherit'] });
  const [, port] = await written(child, /Listening on (\d+)\n/);
  return { ports: [Number(port)], pids: [child.pid ?? 0], stop: () => stop(child) };
}
