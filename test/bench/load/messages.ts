// What the bench and a process that makes its load say to each other.

import type { DialectName } from './dialects.ts';
import type { Quantiles } from './histogram.ts';
import type { Shape } from './shape.ts';

/** `all`: every connection goes to the next port in turn. `apart`: the first member of a room to the first port, others to the second. */
export type Placement = 'all' | 'apart';

export type LoadTask =
  /** Each publisher keeps `window` publishes under way, the next one when its own came back. */
  | {
      readonly type: 'saturation';
      readonly publishers: 'one' | 'everyone';
      readonly window: number;
      readonly warmMs: number;
      readonly measureMs: number;
    }
  /** Publishes go out by a schedule, whatever comes back; latency counts from the time in the schedule. */
  | {
      readonly type: 'held';
      readonly publishesPerSecond: number;
      /** What is due within so long goes out together. */
      readonly tickMs: number;
      /** Before that, so long nothing is published: what the server needs then is what connections cost that say nothing. */
      readonly idleMs: number;
      readonly warmMs: number;
      readonly measureMs: number;
    }
  /** Connects and stays: the first `connections` of the shape, more when it is told to grow. */
  | { readonly type: 'idle'; readonly connections: number }
  /** All but the first member of each room break at once, miss so many publishes a room, and come back; so many times. */
  | { readonly type: 'storm'; readonly missedPerRoom: number; readonly times: number };

export interface LoadJob {
  readonly dialect: DialectName;
  readonly ports: readonly number[];
  readonly placement: Placement;
  readonly shape: Shape;
  readonly padBytes: number;
  /** Where connections come from: an address has some 28,000 ports, so several processes of load need several. By default the system's choice. */
  readonly address?: string;
  /** Handshakes under way at a time. */
  readonly handshakes: number;
  /** Whose processor time is measured. */
  readonly serverPids: readonly number[];
  readonly task: LoadTask;
}

export type ToLoad =
  | { readonly type: 'job'; readonly job: LoadJob }
  /** Do what the task says. For an idle task: join so many connections in all. */
  | { readonly type: 'go'; readonly connections?: number }
  /** Break all connections, and end. */
  | { readonly type: 'end' };

/** How it went to connect and join. */
export interface JoinReport {
  readonly joined: number;
  readonly failed: number;
  readonly seconds: number;
  /** Microseconds from dialling to having joined. */
  readonly latencyUs: Quantiles;
  /** Share of one core that the load needed for it. */
  readonly loadCpu: number;
  readonly firstFault?: string;
}

export interface TaskReport {
  /** Wall clock of the part that was measured. */
  readonly seconds: number;
  readonly published: number;
  /** Over the whole run: members × publishes, and what came. */
  readonly expected: number;
  readonly seen: number;
  /** Members who saw another order than the first of their room; undefined where orders were not compared. */
  readonly orderFaults?: number;
  readonly lostConnections: number;
  /** In the part that was measured. */
  readonly deliveries: number;
  readonly bytes: number;
  readonly reads: number;
  /** Shares of one core. */
  readonly loadCpu: number;
  readonly serverCpu: number;
  readonly otherCpu: number;
  /** Of a held rate: the server's before anything was published. */
  readonly idleServerCpu?: number;
  /** Of a held rate: the server's memory before anything was published. */
  readonly serverBytes?: number;
  readonly latencyUs: Quantiles;
  /** Of a held rate whose times are kept exactly: how late publishes went out. */
  readonly latenessUs?: Quantiles;
  /** Of a storm: who came back, each with all it missed, after the network was there again. */
  readonly backUs?: Quantiles;
}

export type FromLoad =
  | { readonly type: 'ready' }
  | { readonly type: 'joined'; readonly report: JoinReport }
  | { readonly type: 'done'; readonly report: TaskReport }
  | { readonly type: 'failed'; readonly message: string };
