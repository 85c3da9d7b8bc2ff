// The bundle a relay serves as /sdk.js: one minified ES module for browsers. npm gets unbundled modules from tsc instead.
import { fileURLToPath } from 'node:url';
import terser from '@rollup/plugin-terser';
import esbuild, { minify } from 'rollup-plugin-esbuild';

const source = (path) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** A browser brings its own WebSocket; package.json's `imports` would choose the built file instead of its source. */
const browserWebSocket = {
  name: 'browser-web-socket',
  resolveId: (id) => (id === '#web-socket' ? source('transport/web-socket-global.ts') : null),
};

export default {
  input: source('index.ts'),
  output: { file: fileURLToPath(new URL('dist/sdk.js', import.meta.url)), format: 'es', sourcemap: true },
  plugins: [
    browserWebSocket,
    esbuild({ target: 'es2022' }),
    // esbuild shortens #private names, which terser leaves alone; terser folds more of what is left.
    minify({ target: 'es2022', minify: false, minifyIdentifiers: true }),
    terser({
      module: true,
      ecma: 2022,
      compress: { passes: 2, hoist_funs: true, lhs_constants: false, pure_getters: true, unsafe_comps: true },
    }),
  ],
};
