// Builds everything once: the packages as ES modules with types, the browser bundles, and the directories that a relay
// and the demo's server serve. What is newer than its sources is left alone.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { previewOf } from './docs/preview.js';
import { isStale } from './source-files.js';
import { isMain, ROOT, runTool } from './tool.js';

const PACKAGES = ['sdk', 'relay', 'widget', 'demo', 'demo/tsconfig.server.json'];

const PAGE_SCRIPTS = ['start', 'room', 'theme', 'docs', 'home'];
const GALLERY = readdirSync(join(ROOT, 'demo/gallery')).filter((name) =>
  existsSync(join(ROOT, `demo/gallery/${name}/index.html`)),
);
const GALLERY_SCRIPTS = GALLERY.filter((name) => existsSync(join(ROOT, `demo/gallery/${name}/page.ts`)));

/** Each is built by the `rollup.config.js` of its workspace. */
const BUNDLES = [
  { workspace: 'sdk', outputs: ['sdk/dist/sdk.js'], sources: ['sdk/src'] },
  { workspace: 'widget', outputs: ['widget/dist/widget.js'], parts: 'widget/dist/widget', sources: ['widget/src', 'sdk/src'] },
  {
    workspace: 'demo',
    outputs: [...PAGE_SCRIPTS, ...GALLERY_SCRIPTS.map((name) => `gallery/${name}`)].map((name) => `demo/output/${name}.js`),
    sources: ['demo/src', 'demo/gallery', 'sdk/src'],
  },
];

/** What any relay serves, by the path it is served under. */
const RELAY_FILES = {
  'index.html': 'demo/pages/index.html',
  'room.html': 'demo/pages/room.html',
  'theme/index.html': 'demo/pages/theme.html',
  'favicon.svg': 'demo/pages/favicon.svg',
  ...assets('site.css', 'room.css', 'theme.css'),
  ...scripts('start', 'room', 'theme'),
  'assets/custom-elements.json': 'widget/custom-elements.json',
  'widget.js': 'widget/dist/widget.js',
  'widget.js.map': 'widget/dist/widget.js.map',
  'sdk.js': 'sdk/dist/sdk.js',
  'sdk.js.map': 'sdk/dist/sdk.js.map',
};

/** What the demo's server serves besides. */
const DEMO_FILES = {
  'chat/index.html': 'demo/pages/index.html',
  ...assets('home.css', 'docs.css', 'code.css', 'sources.css'),
  'docs/benchmarks/results.svg': 'test/bench/results.svg',
  ...scripts('home', 'docs'),
  'assets/gallery.css': 'demo/gallery/shared/gallery.css',
  ...Object.assign({}, ...GALLERY.map(galleryFiles)),
};

/** Builds what is missing or older than its sources. Rejects with one sentence where a step fails. */
export async function build() {
  await compile();
  for (const bundle of BUNDLES) await bundleFor(bundle);
  const relayFiles = { ...RELAY_FILES, ...widgetParts() };
  await publish('relay/dist/public', relayFiles);
  // What these pages are made with is loaded only now: it reads what was compiled above.
  const sources = ['demo', 'scripts/docs', 'sdk/PROTOCOL.md', 'test/bench/RESULTS.md', 'relay/deploy', 'sdk/dist/index.d.ts'];
  await publish('demo/dist/public', { ...relayFiles, ...DEMO_FILES }, sources, async () => {
    const [{ docsFiles }, { galleryPages }] = await Promise.all([import('./docs/site.js'), import('./docs/gallery.js')]);
    return new Map([...docsFiles(), ...galleryPages(GALLERY)]);
  });
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

/**
 * Compresses now and as hard as it goes, so that a relay never has to.
 * @param {string} directory
 * @param {Readonly<Record<string, string>>} files path that is served → file of the workspace
 * @param {readonly string[]} sources what `make` reads besides
 * @param {() => Promise<ReadonlyMap<string, string>>} make path that is served → content
 */
async function publish(directory, files, sources = [], make = async () => new Map()) {
  const targets = Object.keys(files).flatMap((name) => [name, `${name}.br`, `${name}.gz`]);
  const outputs = targets.map((name) => `${directory}/${name}`);
  if (!isStale(outputs, [...Object.values(files), ...sources, 'scripts/build.js'])) return;

  rmSync(join(ROOT, directory), { recursive: true, force: true });
  const made = await make();
  for (const [name, source] of Object.entries(files)) write(join(ROOT, directory, name), readFileSync(join(ROOT, source)));
  for (const [name, content] of made) write(join(ROOT, directory, name), Buffer.from(content));
}

/** @param {string} target @param {Buffer} bytes */
function write(target, bytes) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
  writeFileSync(`${target}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
  writeFileSync(`${target}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

/** @param {string[]} names @returns {Record<string, string>} */
function assets(...names) {
  return Object.fromEntries(names.map((name) => [`assets/${name}`, `demo/pages/${name}`]));
}

/** @param {string[]} names @returns {Record<string, string>} */
function scripts(...names) {
  return Object.fromEntries(
    names.flatMap((name) => ['js', 'js.map'].map((end) => [`assets/${name}.${end}`, `demo/output/${name}.${end}`])),
  );
}

/** @param {string} name @returns {Record<string, string>} */
function galleryFiles(name) {
  const hasStyle = existsSync(join(ROOT, `demo/gallery/${name}/page.css`));
  const ends = GALLERY_SCRIPTS.includes(name) ? ['js', 'js.map'] : [];
  const previews = ['light', 'dark'].map((scheme) => [`gallery/${name}/preview-${scheme}.png`, previewOf(name, scheme)]);
  return {
    [`gallery/${name}/index.html`]: `demo/gallery/${name}/index.html`,
    ...(hasStyle && { [`gallery/${name}/page.css`]: `demo/gallery/${name}/page.css` }),
    ...Object.fromEntries(previews.filter(([, path]) => path !== undefined)),
    ...Object.fromEntries(ends.map((end) => [`gallery/${name}/page.${end}`, `demo/output/gallery/${name}.${end}`])),
  };
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
