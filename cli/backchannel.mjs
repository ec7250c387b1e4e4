#!/usr/bin/env node
// The command's first lines, in JavaScript: everything else is TypeScript, which tsx loads.
import { loadTypeScript } from './load-typescript.mjs';

await loadTypeScript();
const { main } = await import('./main.ts');
await main(process.argv);
