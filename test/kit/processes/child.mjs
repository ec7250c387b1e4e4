// The first lines of a process of a world, in JavaScript: everything else is TypeScript.
import { Worker } from 'node:worker_threads';
import { loadTypeScript } from '../../../cli/load-typescript.mjs';

// A driver that never lets go of the thread would outlive whoever started this process.
new Worker(new URL('./orphan-guard.mjs', import.meta.url)).unref();
process.on('disconnect', () => process.exit(1));

await loadTypeScript();
const { runSide } = await import('./run-side.ts');
runSide();
