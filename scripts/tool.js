// Running the workspace's tools. They are started by file, not by name through a shell: a signal then reaches the tool
// itself, and nothing depends on what PATH holds.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace: everything here is named relative to it. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const TOOLS = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  knip: 'node_modules/knip/bin/knip.js',
  rollup: 'node_modules/rollup/dist/bin/rollup',
  tsc: 'node_modules/typescript/bin/tsc',
  vitest: 'node_modules/vitest/vitest.mjs',
};

/** What a tool did: `output` is empty unless it was asked for. @typedef {{ ok: boolean, output: string }} Outcome */

/**
 * Runs one of the workspace's tools to its end. Its output goes to the terminal, or with `quiet` into the outcome.
 * @param {keyof typeof TOOLS} tool
 * @param {readonly string[]} args
 * @param {{ directory?: string, quiet?: boolean }} [options] `directory` is relative to the workspace
 * @returns {Promise<Outcome>}
 */
export function runTool(tool, args, { directory = '.', quiet = false } = {}) {
  return run(process.execPath, [resolve(ROOT, TOOLS[tool]), ...args], { directory, quiet });
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ directory?: string, quiet?: boolean, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(program, args, { directory = '.', quiet = false, env = process.env } = {}) {
  return new Promise((settle, fail) => {
    const child = spawn(program, args, {
      cwd: resolve(ROOT, directory),
      env,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', fail);
    child.on('close', (code) => settle({ ok: code === 0, output }));
  });
}

/**
 * True for the script that node was started with, false for one that another imports.
 * @param {string} moduleUrl the module's `import.meta.url`
 */
export function isMain(moduleUrl) {
  const [, started] = process.argv;
  return started !== undefined && fileURLToPath(moduleUrl) === resolve(started);
}
