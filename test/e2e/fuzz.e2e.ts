// A short run of the fuzzer, always the same one; `npm run fuzz -- --frames 1000000` is the long one. And that it sees what
// it looks for: a relay that fails on some input, and one that ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';
import type { FuzzedRelay } from '../fuzz/relay-under-fuzz.ts';
import { startFuzzedRelay } from '../fuzz/relay-under-fuzz.ts';
import { relayCommand } from '../support/relay-launch.ts';

const SEED = 5;
const FRAMES = 20_000;

async function started(transport: 'uws' | 'ws', script?: string): Promise<FuzzedRelay> {
  const relay = await startFuzzedRelay({ transport, script });
  onTestFinished(() => relay.stop());
  return relay;
}

/** A program that runs the relay after it has broken something in it. */
function brokenRelay(fault: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'chat-room-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const script = join(directory, 'broken.mjs');
  writeFileSync(script, `${fault}\nawait import(${JSON.stringify(pathToFileURL(relayCommand()).href)});\n`);
  return script;
}

/** Breaks what every room's name passes, for one name that nobody would think of. */
const onStrangeName = (fault: string): string => `
  const normalize = String.prototype.normalize;
  String.prototype.normalize = function (form) {
    if (String(this) === '__proto__') ${fault};
    return normalize.call(this, form);
  };`;

describe('[P6] mutated sessions', () => {
  test.each(['uws', 'ws'] as const)('the relay over %s holds, and others are served all along', async (transport) => {
    const relay = await started(transport);
    const figures = await fuzz(relay, { seed: SEED, frames: FRAMES, from: 0 });
    expect(figures.frames).toBeGreaterThanOrEqual(FRAMES);
    // Far past its first checks: it was refused for what it asked, not only for how.
    for (const code of ['bad_frame', 'bad_room', 'forbidden', 'not_found', 'not_joined', 'key_reused'])
      expect(figures.refusals[code], code).toBeGreaterThan(0);
  });

  test('an exception inside the relay is seen', async () => {
    const relay = await started('uws', brokenRelay(onStrangeName("throw new Error('planted')")));
    await expect(fuzz(relay, { seed: SEED, frames: FRAMES, from: 0 })).rejects.toThrow(
      /logged an error: .*planted.*Cases under way: \d/s,
    );
  });

  test('a relay that ends is seen', async () => {
    const relay = await started('uws', brokenRelay(onStrangeName('process.exit(3)')));
    await expect(fuzz(relay, { seed: SEED, frames: FRAMES, from: 0 })).rejects.toThrow(
      /The relay ended \(3\).*Cases under way: \d/s,
    );
  });
});
