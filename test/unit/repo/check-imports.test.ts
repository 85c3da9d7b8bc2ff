import { describe, expect, test } from 'vitest';
import { wrongImportsOf } from '../../../scripts/check-imports.js';
import { importsOf, parseText } from '../../../scripts/syntax.js';

const wrong = (path: string, text: string): string[] => wrongImportsOf(path, importsOf(parseText(path, text)));

describe('the direction of imports', () => {
  test.each([
    ['sdk/src/protocol/frames.ts', `import type { ChatClient } from '../client.ts';`],
    ['sdk/src/client.ts', `import WebSocket from 'ws';`],
    ['sdk/src/client.ts', `import { createRelay } from '@chat-room/relay';`],
    ['widget/src/chat-room.ts', `import { x } from '../../sdk/src/client.ts';`],
    ['relay/src/relay.ts', `import { ChatClient } from '@chat-room/sdk';`],
    ['relay/src/relay.ts', `export * from '../../test/support/clock.ts';`],
    ['relay/src/http/pages.ts', `const ws = await import('ws');`],
    ['relay/src/http/pages.ts', `require('uWebSockets.js');`],
    ['relay/src/adapter/uws-adapter.ts', `createRequire(import.meta.url)('uWebSockets.js');`],
    ['relay/src/relay.ts', `const port = process.env.PORT;`],
    ['relay/src/relay.ts', `import process from 'node:process';`],
    ['relay/src/engine/memory-engine.ts', `import { adapter } from '../adapter/uws-adapter.ts';`],
    ['relay/src/room/presence.ts', `import { randomUUID } from 'node:crypto';`],
    ['sdk/src/connection/machine.ts', `export { x } from 'lit';`],
  ])('%s may not: %s', (path, text) => {
    expect(wrong(path, text)).toHaveLength(1);
  });

  test.each([
    ['sdk/src/transport/web-socket-node.ts', `import { WebSocket } from 'ws';`],
    ['relay/src/adapter/uws-binding.ts', `createRequire(import.meta.url)('uWebSockets.js');`],
    ['relay/src/metrics.ts', `const bytes = process.memoryUsage.rss();`],
    ['relay/src/serve.ts', `const port = process.env.PORT;`],
    ['relay/src/relay.ts', `import { MAX_FRAME_BYTES } from '@chat-room/sdk/protocol';`],
    ['relay/src/relay.ts', `// process.exit() and import 'ws' are only written about here`],
    ['relay/src/room/presence.ts', `import type { Hash } from 'node:crypto';`],
    ['relay/src/relay.ts', `import { Room } from './room/room.ts';`],
    ['demo/src/room.ts', `import '@chat-room/widget/define';`],
  ])('%s may: %s', (path, text) => {
    expect(wrong(path, text)).toEqual([]);
  });

  test('a problem says where it is and why it is one', () => {
    expect(wrong('relay/src/relay.ts', `\nprocess.exit();`)).toEqual([
      'relay/src/relay.ts:2 uses global:process.exit, but only serve.ts is a program: everything else is a library.',
    ]);
  });
});
