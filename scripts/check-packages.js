// What npm would publish: each package is packed and read as a stranger would find it.
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { ROOT } from './tool.js';

const PUBLISHED = ['sdk', 'relay', 'widget'];

/** One sentence per fault of a published package. @returns {Promise<string[]>} */
export async function findPackageFaults() {
  const faults = await Promise.all(
    PUBLISHED.map(async (name) => {
      const { messages, pkg } = await publint({ pkgDir: join(ROOT, name), strict: true });
      return messages.map((message) => `${name}: ${formatMessage(message, pkg, { color: false })}`);
    }),
  );
  return faults.flat();
}
