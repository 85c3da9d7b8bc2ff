import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { programOf, runNode } from './support/run-node.ts';

/** The compiler that a project of this framework has, and how it reports an error. */
interface Compiler {
  readonly directory: string;
  readonly command: readonly string[];
  readonly report: RegExp;
}

const FILE_AND_PLACE = /^(?:.*\/)?(?<file>[^\s/(]+)\((?<line>\d+),\d+\): error /gmu;

const COMPILERS: readonly Compiler[] = [
  { directory: 'plain', command: [programOf('typescript', 'bin/tsc')], report: FILE_AND_PLACE },
  { directory: 'react', command: [programOf('typescript', 'bin/tsc')], report: FILE_AND_PLACE },
  { directory: 'solid', command: [programOf('typescript', 'bin/tsc')], report: FILE_AND_PLACE },
  { directory: 'vue', command: [programOf('vue-tsc', 'bin/vue-tsc.js')], report: FILE_AND_PLACE },
  {
    directory: 'svelte',
    command: [programOf('svelte-check', 'bin/svelte-check'), '--tsconfig', './tsconfig.json', '--output', 'machine'],
    report: /^\d+ ERROR "(?<file>[^"]+)" (?<line>\d+):/gmu,
  },
  {
    directory: 'angular',
    command: [programOf('@angular/compiler-cli', 'bundles/src/bin/ngc.js')],
    report: /^(?<file>[\w.-]+):(?<line>\d+):\d+ - error /gmu,
  },
];

test.each(COMPILERS)(
  '$directory: the types take the example, and refuse each wrong line, and no other',
  async ({ directory, command, report }) => {
    const { output } = await runNode(command, `test/frameworks/${directory}`);
    const refused = [...output.matchAll(report)].map(({ groups }) => `${groups?.['file']}:${groups?.['line']}`);
    const wrong = wrongLines(directory);

    expect(wrong.length).toBeGreaterThan(5);
    expect([...new Set(refused)].sort(), output).toEqual(wrong.sort());
  },
);

/** The lines that say of themselves that they are wrong. */
function wrongLines(directory: string): string[] {
  const folder = fileURLToPath(new URL(`${directory}/`, import.meta.url));
  return readdirSync(folder).flatMap((file) =>
    readFileSync(`${folder}${file}`, 'utf8')
      .split('\n')
      .flatMap((text, index) => (/(?:\/\/|<!--) wrong(?: -->)?$/u.test(text) ? [`${file}:${index + 1}`] : [])),
  );
}
