import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DOCUMENTS } from './documents.ts';

for (const [path, text] of Object.entries(DOCUMENTS)) {
  const url = new URL(`../../${path}`, import.meta.url);
  writeFileSync(fileURLToPath(url), text());
  process.stdout.write(`${path}\n`);
}
