// Builds everything once: the packages as ES modules with types, the browser bundles, and the directory that a relay
// serves. What is newer than its sources is left alone.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { isStale } from './source-files.js';
import { isMain, ROOT, runTool } from './tool.js';

const PACKAGES = ['sdk', 'relay', 'widget', 'demo'];

/** Each is built by the `rollup.config.js` of its workspace. */
const BUNDLES = [
  { workspace: 'sdk', outputs: ['sdk/dist/sdk.js'], sources: ['sdk/src'] },
  { workspace: 'widget', outputs: ['widget/dist/widget.js'], parts: 'widget/dist/widget', sources: ['widget/src', 'sdk/src'] },
  {
    workspace: 'demo',
    outputs: ['demo/output/start.js', 'demo/output/room.js', 'demo/output/theme.js'],
    sources: ['demo/src', 'sdk/src/protocol'],
  },
];

/** What a relay serves, by the path it is served under. */
const PUBLIC = {
  'index.html': 'demo/pages/index.html',
  'room.html': 'demo/pages/room.html',
  'theme.html': 'demo/pages/theme.html',
  'favicon.svg': 'demo/pages/favicon.svg',
  'assets/site.css': 'demo/pages/site.css',
  'assets/room.css': 'demo/pages/room.css',
  'assets/theme.css': 'demo/pages/theme.css',
  'assets/theme.js': 'demo/output/theme.js',
  'assets/theme.js.map': 'demo/output/theme.js.map',
  'assets/custom-elements.json': 'widget/custom-elements.json',
  'assets/start.js': 'demo/output/start.js',
  'assets/start.js.map': 'demo/output/start.js.map',
  'assets/room.js': 'demo/output/room.js',
  'assets/room.js.map': 'demo/output/room.js.map',
  'widget.js': 'widget/dist/widget.js',
  'widget.js.map': 'widget/dist/widget.js.map',
  'sdk.js': 'sdk/dist/sdk.js',
  'sdk.js.map': 'sdk/dist/sdk.js.map',
};
const PUBLIC_DIRECTORY = 'relay/dist/public';

/** Builds what is missing or older than its sources. Rejects with one sentence where a step fails. */
export async function build() {
  await compile();
  for (const bundle of BUNDLES) await bundleFor(bundle);
  publish();
}

async function compile() {
  const { ok } = await runTool('tsc', ['-b', ...PACKAGES]);
  if (!ok) throw new Error('The build stops here: TypeScript found the errors above.');
}

/** @param {{ workspace: string, outputs: string[], parts?: string, sources: string[] }} bundle `parts` is a directory of files with hashes in their names */
async function bundleFor({ workspace, outputs, parts, sources }) {
  if (!isStale(outputs, [...sources, `${workspace}/rollup.config.js`, 'package-lock.json'])) return;
  if (parts) rmSync(join(ROOT, parts), { recursive: true, force: true });
  const { ok } = await runTool('rollup', ['--config', '--silent'], { directory: workspace });
  if (!ok) throw new Error(`The build stops here: rollup could not bundle ${workspace}, for the reason above.`);
}

/** Compresses now and as hard as it goes, so that a relay never has to. */
function publish() {
  const files = { ...PUBLIC, ...widgetParts() };
  const targets = Object.keys(files).flatMap((name) => [name, `${name}.br`, `${name}.gz`]);
  const outputs = targets.map((name) => `${PUBLIC_DIRECTORY}/${name}`);
  if (!isStale(outputs, [...Object.values(files), 'scripts/build.js'])) return;

  rmSync(join(ROOT, PUBLIC_DIRECTORY), { recursive: true, force: true });
  for (const [name, source] of Object.entries(files)) {
    const target = join(ROOT, PUBLIC_DIRECTORY, name);
    const bytes = readFileSync(join(ROOT, source));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
    writeFileSync(`${target}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
    writeFileSync(`${target}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}

/** What widget.js loads later, under names that change with the content. @returns {Record<string, string>} */
function widgetParts() {
  const names = readdirSync(join(ROOT, 'widget/dist/widget'));
  return Object.fromEntries(names.map((name) => [`widget/${name}`, `widget/dist/widget/${name}`]));
}

if (isMain(import.meta.url)) {
  try {
    await build();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
