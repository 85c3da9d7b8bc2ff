import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const { resolve } = createRequire(import.meta.url);

/** What a program wrote to both of its outputs, without colours, and whether it ended with 0. */
export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a script in a Node of its own, which sees the packages as any program does: by what their `exports` say. */
export function runNode(args: readonly string[], directory = '.'): Promise<Outcome> {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, args, { cwd: join(ROOT, directory), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', fail);
    child.on('close', (code) => settle({ ok: code === 0, output: stripVTControlCharacters(output) }));
  });
}

/** A program of an installed package, as its path. Packages need not export it, but all of them export their package.json. */
export function programOf(packageName: string, path: string): string {
  return join(dirname(resolve(`${packageName}/package.json`)), path);
}
