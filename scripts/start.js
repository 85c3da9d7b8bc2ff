// `npm start`: builds what is not built, then becomes the relay. The relay runs in this very process, so that signals,
// arguments and the exit code are its own and nothing stands between it and whoever started it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.js';
import { ROOT } from './tool.js';

try {
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const cli = join(ROOT, 'relay/dist/cli.js');
process.argv[1] = cli;
await import(pathToFileURL(cli).href);
