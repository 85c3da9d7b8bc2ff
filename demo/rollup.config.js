// One small script per page. They share no chunk: a page then loads one file, and the shared part is a few hundred bytes.
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild from 'rollup-plugin-esbuild';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

export default ['start', 'room', 'theme'].map((page) => ({
  input: path(`src/${page}.ts`),
  output: { file: path(`output/${page}.js`), format: 'es', sourcemap: true },
  plugins: [nodeResolve({ browser: true }), esbuild({ target: 'es2022' }), terser({ module: true })],
}));
