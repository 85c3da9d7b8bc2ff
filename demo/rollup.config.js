// One small script per page. They share no chunk: a page then loads one file, and the shared part is a few hundred bytes.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild from 'rollup-plugin-esbuild';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const galleryPages = readdirSync(path('gallery')).filter((name) => existsSync(path(`gallery/${name}/page.ts`)));

const scripts = [
  ...['start', 'room', 'theme', 'docs', 'home'].map((name) => [`src/${name}.ts`, `output/${name}.js`]),
  ...galleryPages.map((name) => [`gallery/${name}/page.ts`, `output/gallery/${name}.js`]),
];

export default scripts.map(([input, file]) => ({
  input: path(input),
  output: { file: path(file), format: 'es', sourcemap: true, inlineDynamicImports: true },
  plugins: [nodeResolve({ browser: true }), esbuild({ target: 'es2022' }), terser({ module: true })],
}));
