import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of a scenario of the tests, as a user in the current folder would give it. */
export function scenarioFile(name: string): string {
  const path = fileURLToPath(new URL(`scenarios/${name}.scenario.ts`, import.meta.url));
  return `./${relative(process.cwd(), path)}`;
}

/** A folder for what commands write; removed at the end. */
export class TemporaryFolder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'backchannel-testing-'));

  path(name: string): string {
    return join(this.#folder, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
