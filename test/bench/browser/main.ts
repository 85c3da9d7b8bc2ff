// `node scripts/run-typescript.js test/bench/browser/main.ts`: the browser's part of the benchmark alone.
import { measureBrowser } from './measure.ts';

console.log(JSON.stringify(await measureBrowser(Number(process.argv[2] ?? 3)), null, 2));
