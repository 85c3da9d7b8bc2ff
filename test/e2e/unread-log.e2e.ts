// A log that nobody reads any more: the process that had started the relay is gone, or has closed its end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryDir } from '../support/relay-fixture.ts';
import { relayCommand } from '../support/relay-launch.ts';

let data: string;
beforeEach(() => {
  data = temporaryDir();
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

test('[P7] a relay whose output nobody reads drains and exits with 0', async () => {
  const args = [relayCommand(), '--port', '0', '--host', '127.0.0.1', '--data', data];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, killSignal: 'SIGKILL' });
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"listening"')) break;
  const ended = once(child, 'exit');
  // The pipe is broken, in the kernel, once both of our ends are closed.
  await Promise.all(
    [child.stdout, child.stderr].map((stream) => {
      const closed = stream.closed ? undefined : once(stream, 'close');
      stream.destroy();
      return closed;
    }),
  );
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
