// Lets a process import TypeScript: this project's own, and a driver's file wherever it lies.
import { register as registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

export async function loadTypeScript() {
  const [commonJs, esm] = await loadTsx();
  commonJs.register();
  esm.register();
  registerHooks('./driver-files.mjs', import.meta.url);
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
