// The documentation's pages as a test takes them: their blocks of code, each with where it stands and what is said of it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('../../demo/docs', import.meta.url));

export interface DocsBlock {
  /** `sdk.md 3`: the third block of that page. */
  readonly name: string;
  readonly language: string;
  readonly code: string;
  /** What the comment before it says under this key, such as `given`; '' where it says nothing. */
  said(key: string): string;
}

const BLOCK = /(?:<!-- (\w+): (.*?) -->\n)?```(\w+)\n(.*?)\n```/gs;

/** Every block of code of the pages that people write. */
export function docsBlocks(): readonly DocsBlock[] {
  return readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...readFileSync(join(DIRECTORY, file), 'utf8').matchAll(BLOCK)].map(
        ([, key, value = '', language = '', code = ''], i) => ({
          name: `${file} ${i + 1}`,
          language,
          code,
          said: (asked: string) => (asked === key ? value : ''),
        }),
      ),
    );
}
