#!/usr/bin/env node
// The command's first lines, in JavaScript: everything else is TypeScript, which tsx loads.
import { register as registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const { main } = await loadCommand();
await main(process.argv);

async function loadCommand() {
  const [commonJs, esm] = await loadTsx();
  commonJs.register();
  esm.register();
  registerHooks('./driver-files.mjs', import.meta.url);
  return await import('./main.ts');
}

async function loadTsx() {
  try {
    return await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const folder = fileURLToPath(new URL('..', import.meta.url));
    process.stderr.write(
      `backchannel: the dependencies are missing; run npm install in ${folder} first\n`,
    );
    process.exit(1);
  }
}
