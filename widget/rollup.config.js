// What a script tag loads: widget.js, the element itself, and in widget/ what it loads when it is needed. The names there have
// a hash in them: an old page never gets a part of a newer version.
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild, { minify } from 'rollup-plugin-esbuild';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** From the sources, so that a bundle never holds yesterday's SDK. */
const SOURCES = {
  '@chat-room/sdk': path('../sdk/src/index.ts'),
  '@chat-room/sdk/moderation': path('../sdk/src/moderation.ts'),
  '@chat-room/sdk/outbox-storage': path('../sdk/src/outbox-storage.ts'),
  '@chat-room/sdk/upload': path('../sdk/src/upload/index.ts'),
  '@chat-room/sdk/protocol': path('../sdk/src/protocol/index.ts'),
  '#web-socket': path('../sdk/src/transport/web-socket-global.ts'),
};

/** Lit repeats its notice in each of its files: once is enough. */
const LICENSES = '/*! MIT. Lit: Copyright 2017 Google LLC, BSD-3-Clause */';

/** A table of phrases of another version does no harm: it needs no hash, which would make widget.js longer. */
function nameOf(module) {
  const [, more, tag] = /[\\/]locales[\\/](more[\\/])?([\w-]+)\.ts$/.exec(module) ?? [];
  if (tag === undefined) return 'widget/[name]-[hash].js';
  return more ? `widget/locale-${tag}-more.js` : `widget/locale-${tag}.js`;
}

export default {
  input: path('src/define.ts'),
  // The panel takes what it shares with the element from widget.js.
  preserveEntrySignatures: false,
  output: {
    dir: path('dist'),
    entryFileNames: 'widget.js',
    chunkFileNames: ({ facadeModuleId }) => nameOf(facadeModuleId ?? ''),
    format: 'es',
    sourcemap: true,
    banner: ({ name }) => (name === 'panel' ? LICENSES : ''),
  },
  plugins: [
    { name: 'workspace-sources', resolveId: (id) => SOURCES[id] ?? null },
    nodeResolve({ browser: true, extensions: ['.ts', '.js'] }),
    minifyTemplateLiterals(),
    esbuild({ target: 'es2022', tsconfig: path('tsconfig.json') }),
    // esbuild shortens #private names, which terser leaves alone; terser folds more of what is left.
    minify({ target: 'es2022', minify: false, minifyIdentifiers: true }),
    terser({
      module: true,
      ecma: 2022,
      compress: { passes: 2, lhs_constants: false, pure_getters: true, unsafe_comps: true },
      format: { comments: /^!/ },
    }),
  ],
};
