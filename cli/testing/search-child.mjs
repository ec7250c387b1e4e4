// The first lines of the process of a search, in JavaScript: everything else is TypeScript.
import { Worker } from 'node:worker_threads';
import { loadTypeScript } from '../load-typescript.mjs';

// A driver that never lets go of the thread would outlive whoever started this process.
const guard = new URL('../../test/kit/processes/orphan-guard.mjs', import.meta.url);
new Worker(guard).unref();
process.on('disconnect', () => process.exit());
// Ctrl-C in a terminal is for both processes: the other one says when this one is to end.
process.on('SIGINT', () => {});

await loadTypeScript();
const { runSearch } = await import('./run-search.ts');
runSearch();
