import type { DialectName } from '../load/dialects.ts';

/** A server that runs, as a process or several. */
export interface RunningPeer {
  /** One for each relay. */
  readonly ports: readonly number[];
  /** All processes that serve: their processor time and memory count. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** A server that others are compared with. */
export interface Peer {
  readonly name: string;
  /** For tables: what it is, in a few words. */
  readonly title: string;
  readonly dialect: DialectName;
  /** Whether it gives a member who comes back what it missed. */
  readonly recovers: boolean;
  /** What to install before it can be started; undefined where nothing is missing. */
  missing(): string | undefined;
  /** What it is made of, with versions. */
  version(): string;
  start(): Promise<RunningPeer>;
}
