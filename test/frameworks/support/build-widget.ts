import { programOf, runNode } from './run-node.ts';

/** Before these tests: the package as it would be published, since they find it where a stranger would. */
export async function setup(): Promise<void> {
  const { ok, output } = await runNode([programOf('typescript', 'bin/tsc'), '-b', 'widget']);
  if (!ok) throw new Error(`The widget does not compile:\n${output}`);
}
