import { browserBurst, browserScroll, browserStart, sdkIntake } from './browser.ts';
import { costOfConnections, costOfFanOut, costOfRooms } from './cost.ts';
import { heldRoom, heldRooms } from './held.ts';
import { idle, idleWorkers } from './idle.ts';
import { manyRooms, oneRoom } from './saturation.ts';
import type { Scenario } from './scenario.ts';
import { recovery, storm } from './storm.ts';
import { throughRedis } from './two-relays.ts';

/** In the order they run and are shown. */
export const SCENARIOS: readonly Scenario[] = [
  oneRoom,
  manyRooms,
  heldRoom,
  heldRooms,
  idle,
  idleWorkers,
  storm,
  recovery,
  throughRedis,
  costOfConnections,
  costOfFanOut,
  costOfRooms,
  browserBurst,
  browserScroll,
  browserStart,
  sdkIntake,
];
