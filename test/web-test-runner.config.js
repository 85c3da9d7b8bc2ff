// The widget in a real Chromium. Firefox runs the same tests: web-test-runner.firefox.config.js.
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

/** Tests read the sources, so that a test never passes on yesterday's build. */
const SOURCES = {
  '@chat-room/sdk': '/sdk/src/index.ts',
  '@chat-room/sdk/moderation': '/sdk/src/moderation.ts',
  '@chat-room/sdk/outbox-storage': '/sdk/src/outbox-storage.ts',
  '@chat-room/sdk/upload': '/sdk/src/upload/index.ts',
  '@chat-room/sdk/protocol': '/sdk/src/protocol/index.ts',
  '#web-socket': '/sdk/src/transport/web-socket-global.ts',
};

/** Without a GPU, a sandbox (they run as root, too) or anything that would use the network. */
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default {
  rootDir,
  files: [`${rootDir}test/widget/*.test.ts`],
  nodeResolve: { exportConditions: ['production'] },
  concurrency: 1,
  testsFinishTimeout: 120_000,
  browsers: [chromeLauncher({ launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS } })],
  plugins: [
    { name: 'workspace-sources', resolveImport: ({ source }) => SOURCES[source] },
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: `${rootDir}widget/tsconfig.json` }),
  ],
  testFramework: { config: { timeout: 10_000 } },
};
