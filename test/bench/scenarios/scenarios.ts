import { manyRooms, oneRoom } from './saturation.ts';
import type { Scenario } from './scenario.ts';

/** In the order they run and are shown. */
export const SCENARIOS: readonly Scenario[] = [oneRoom, manyRooms];
