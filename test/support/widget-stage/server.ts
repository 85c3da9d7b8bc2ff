// Serves the stage: bundled from the sources, with fonts of its own, so that texts are as wide on every machine.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { STAGE_FACES, STAGE_FAMILIES, stageFontAt } from '../stage-fonts.ts';

const source = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A stage</title>
<style>
${STAGE_FACES}
html { color-scheme: light dark; }
body { margin: 0; }
chat-room { --chat-room-font: ${STAGE_FAMILIES}; --chat-room-code-font: 'Stage'; --chat-room-height: 100vh; --chat-room-radius: 0; }
</style>
<body><script type="module" src="/page.js"></script></body></html>`;

export interface StageServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveStage(): Promise<StageServer> {
  const files = await bundle();
  const server = createServer(({ url = '/' }, response) => {
    const font = stageFontAt(url);
    const script = files.get(url);
    if (url === '/') response.setHeader('content-type', 'text/html').end(PAGE);
    else if (font) response.setHeader('content-type', 'font/woff2').end(font);
    else if (script) response.setHeader('content-type', 'text/javascript').end(script);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

/** By path, with the parts that load later as files of their own. */
async function bundle(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: { page: source('test/support/widget-stage/page.ts') },
    outdir: '/',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    tsconfig: source('widget/tsconfig.json'),
    alias: {
      '@chat-room/sdk/moderation': source('sdk/src/moderation.ts'),
      '@chat-room/sdk/outbox-storage': source('sdk/src/outbox-storage.ts'),
      '@chat-room/sdk/upload': source('sdk/src/upload/index.ts'),
      '@chat-room/sdk/protocol': source('sdk/src/protocol/index.ts'),
      '@chat-room/sdk': source('sdk/src/index.ts'),
      '#web-socket': source('sdk/src/transport/web-socket-global.ts'),
    },
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}
