// A few seconds of a soak: what people had is gone when they are. Memory is for `npm run soak`, which takes its time; so are
// rooms, which stay in use for a while after the last one has left.
import { expect, onTestFinished, test } from 'vitest';
import { soak } from '../soak/soak.ts';
import { startOpenRelay } from '../support/open-relay.ts';

/** Far more than it takes until enough has happened. */
const MINUTES = 1;
const ENOUGH = { sent: 10, history: 2, reaction: 1, file: 1, 'plain: connected': 3, 'api: members': 2 };

const isEnough = (happened: ReadonlyMap<string, number>): boolean =>
  Object.entries(ENOUGH).every(([what, count]) => (happened.get(what) ?? 0) >= count);

test.each(['uws', 'ws'] as const)(
  '[PRE2] [P5] over %s connections, members, subscriptions and timers return to where they began',
  async (transport) => {
    const relay = await startOpenRelay({ transport });
    onTestFinished(() => relay.stop());
    const awaited = ['connections', 'members', 'subscriptions', 'timers'] as const;
    const report = await soak(relay, { minutes: MINUTES, people: 20, seed: 1, isEnough, awaited, lookEveryMs: 250 });
    for (const name of awaited) expect(report.ended[name], name).toBeLessThanOrEqual(report.began[name]);
    expect(report.peak.connections).toBeGreaterThan(20);
    expect(report.peak.subscriptions).toBeGreaterThan(20);
    expect(isEnough(report.happened)).toBe(true);
    expect(report.faults).toEqual([]);
  },
);
