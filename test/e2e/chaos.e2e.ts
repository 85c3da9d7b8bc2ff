// A few seconds of `npm run chaos`: whatever goes wrong, everyone has the same log, and nothing acknowledged is missing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { check } from '../chaos/checker.ts';
import { readHistory } from '../chaos/history.ts';
import { NAMED_SEEDS } from '../chaos/named-seeds.ts';
import { profileOf } from '../chaos/profiles.ts';
import { runProfile } from '../chaos/run-profile.ts';
import { SmallDisk } from '../chaos/small-disk.ts';
import { Unavailable } from '../chaos/unavailable.ts';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'chat-room-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Only root may mount a file system, and not in every container. */
function mayMount(): boolean {
  try {
    new SmallDisk(1).dispose();
    return true;
  } catch (error) {
    if (error instanceof Unavailable) return false;
    throw error;
  }
}

const beyond = mayMount() ? [] : NAMED_SEEDS.filter(({ needs }) => needs === 'mount');

test.each(NAMED_SEEDS.filter((seed) => !beyond.includes(seed)))(
  '[P1] [P2] [P3] [P4] [PRE5] $name ($profile, seed $seed): nothing is lost, doubled or swapped',
  async ({ profile, seed, seconds }) => {
    const directory = temporaryDirectory();
    const { findings, figures, faults } = await runProfile(profileOf(profile), { seed, lengthMs: seconds * 1_000, directory });
    expect(findings).toEqual([]);
    expect(faults).toBeGreaterThan(0);
    expect(figures.acknowledged).toBe(figures.sent);
    expect(check(readHistory(directory))).toEqual({ findings, figures });
  },
);

test.each(beyond)(
  '$name ($profile): can be had only where a file system may be mounted, and elsewhere it is told',
  async ({ profile, seed, seconds }) => {
    const run = runProfile(profileOf(profile), { seed, lengthMs: seconds * 1_000, directory: temporaryDirectory() });
    await expect(run).rejects.toThrow(Unavailable);
  },
);
