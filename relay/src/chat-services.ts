import type { Clocks } from './clocks.ts';
import type { Draft, Engine, PublishOutcome } from './engine/engine.ts';
import type { Files } from './files/files.ts';
import type { Metrics } from './metrics.ts';
import type { ConnectDeadlines } from './native/connect-deadlines.ts';
import type { Rate } from './rate.ts';
import type { Rooms } from './room/rooms.ts';

/** What the consumers of the chat work with. */
export interface ChatServices extends Clocks {
  readonly engine: Engine;
  readonly rooms: Rooms;
  readonly metrics: Metrics;
  /** The one way into the log: past the hook, if there is one. */
  readonly publish: (room: string, draft: Draft) => Promise<PublishOutcome>;
  readonly publishRate: Rate;
  readonly frameRate: Rate;
  readonly uploadRate: Rate;
  readonly files: Pick<Files, 'request'>;
  readonly deadlines: ConnectDeadlines;
  readonly pingMs: number;
  /** A fault of ours inside a connection: logged with where it happened. */
  readonly onFault: (error: unknown, where: string, channel: string) => void;
}
