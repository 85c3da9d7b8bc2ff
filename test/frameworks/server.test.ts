// Rendering on a server: each example is compiled as its framework does it for a server, and runs in a plain Node.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { compile } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import { compileScript, parse } from 'vue/compiler-sfc';
import { runNode } from './support/run-node.ts';

interface ServerExample {
  readonly framework: string;
  readonly compiled: () => Promise<string>;
}

const EXAMPLES: readonly ServerExample[] = [
  {
    framework: 'react',
    compiled: () => withoutTypes(sourceOf('react/lobby.tsx'), 'tsx'),
  },
  {
    framework: 'vue',
    compiled: () => {
      // What a project says to its bundler's plugin, too.
      const templateParseOptions = { isCustomElement: (tag: string) => tag === 'chat-room' };
      const { descriptor } = parse(sourceOf('vue/lobby.vue'), { filename: 'lobby.vue', templateParseOptions });
      const templateOptions = { ssr: true, ssrCssVars: [] };
      const { content } = compileScript(descriptor, { id: 'lobby', inlineTemplate: true, templateOptions });
      return withoutTypes(content, 'ts');
    },
  },
  {
    framework: 'svelte',
    compiled: async () => compile(sourceOf('svelte/Lobby.svelte'), { generate: 'server', name: 'Lobby' }).js.code,
  },
];

const ATTRIBUTES = ['room="lobby"', 'name="Ada"', 'theme="dark"', 'send-on="ctrl-enter"'];

describe.each(EXAMPLES)('$framework on a server', ({ framework, compiled }) => {
  test('the example imports the element, and renders its tag with attributes and slots', async () => {
    const lobby = new URL(`../output/frameworks/${framework}-lobby.mjs`, import.meta.url);
    mkdirSync(new URL('.', lobby), { recursive: true });
    writeFileSync(lobby, await compiled());

    const { ok, output } = await runNode([`test/frameworks/${framework}/render.js`, lobby.href]);

    expect(ok, output).toBe(true);
    const tag = /<chat-room\s[^>]*>/u.exec(output)?.[0];
    for (const attribute of ATTRIBUTES) expect(tag).toContain(attribute);
    expect(tag).not.toMatch(/function|=>|undefined/u);
    expect(output).toMatch(/<p slot="empty"[^>]*>Nobody has said anything yet\.<\/p>/u);
  });
});

const { exports } = JSON.parse(readFileSync(new URL('../../widget/package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, string | { default: string }>;
};
const modules = Object.entries(exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [name.replace('.', '@chat-room/widget')],
);

test.each(modules)('%s can be imported where there is no browser', async (name) => {
  const program = `await import('${name}'); console.log(typeof customElements, typeof document);`;
  expect(await runNode(['--input-type=module', '--eval', program], 'test/')).toEqual({
    ok: true,
    output: 'undefined undefined\n',
  });
});

function sourceOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

async function withoutTypes(source: string, loader: 'ts' | 'tsx'): Promise<string> {
  const { code } = await transform(source, { loader, jsx: 'automatic', format: 'esm', target: 'node20' });
  return code;
}
