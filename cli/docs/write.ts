import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DOCUMENTS } from './documents.ts';

for (const [path, make] of Object.entries(DOCUMENTS)) {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  writeFileSync(file, make(existsSync(file) ? readFileSync(file, 'utf8') : ''));
  process.stdout.write(`${path}\n`);
}
