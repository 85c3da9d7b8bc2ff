import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

// Tests read the sources, so that a test never passes on yesterday's build.
export default defineConfig({
  root: source('.'),
  resolve: {
    alias: [
      { find: '#web-socket', replacement: source('sdk/src/transport/web-socket-node.ts') },
      { find: '@chat-room/sdk/moderation', replacement: source('sdk/src/moderation.ts') },
      { find: '@chat-room/sdk/outbox-storage', replacement: source('sdk/src/outbox-storage.ts') },
      { find: '@chat-room/sdk/upload', replacement: source('sdk/src/upload/index.ts') },
      { find: '@chat-room/sdk/protocol', replacement: source('sdk/src/protocol/index.ts') },
      { find: '@chat-room/sdk', replacement: source('sdk/src/index.ts') },
      { find: '@chat-room/relay/testing', replacement: source('relay/src/testing/index.ts') },
      { find: '@chat-room/relay', replacement: source('relay/src/index.ts') },
      { find: '@chat-room/widget', replacement: source('widget/src/index.ts') },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts', 'test/contract/**/*.test.ts'],
          testTimeout: 60_000, // a guard against hanging, far above what a busy machine needs
        },
      },
      { extends: true, test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], testTimeout: 60_000 } },
      {
        extends: true,
        test: {
          name: 'frameworks',
          include: ['test/frameworks/*.test.ts'],
          globalSetup: [source('test/frameworks/support/build-widget.ts')],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts', 'test/packages/**/*.e2e.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
