import type { Member } from '@chat-room/sdk/protocol';
import type { Guests } from './auth/guests.ts';
import type { Engine } from './engine/engine.ts';
import type { Metrics } from './metrics.ts';
import type { Rate } from './rate.ts';
import type { Rooms } from './room/rooms.ts';

/** Who stands behind a token, or undefined where nobody does. */
export type Authenticate = (token: string) => Promise<Member | undefined>;

/** What every connection works with. */
export interface Services {
  readonly engine: Engine;
  readonly rooms: Rooms;
  readonly guests: Guests;
  readonly metrics: Metrics;
  readonly authenticate: Authenticate;
  readonly publishRate: Rate;
  readonly frameRate: Rate;
  readonly pingMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** True once the relay is going down. */
  readonly isDraining: () => boolean;
  /** A fault of ours inside a connection: logged with where it happened. */
  readonly onFault: (error: unknown, where: string) => void;
}
