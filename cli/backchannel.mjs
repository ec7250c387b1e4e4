#!/usr/bin/env node
// The command's first lines, in JavaScript: everything else is TypeScript, which tsx loads.
import { register as registerHooks } from 'node:module';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

registerCommonJs();
register();
registerHooks('./driver-files.mjs', import.meta.url);
const { main } = await import('./main.ts');
await main(process.argv);
