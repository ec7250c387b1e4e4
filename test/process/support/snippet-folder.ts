import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A process that was started in a {@link SnippetFolder}. */
export interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

/** The snippets of a document by the file name behind their language. */
export function snippetsOf(document: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const fences = text.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm);
  return new Map([...fences].map((fence) => [fence[1] ?? '', fence[2] ?? '']));
}

/**
 * The snippets of documents as files, in a folder inside the checkout, where the package resolves its
 * own name as it does for an installed copy.
 */
export class SnippetFolder {
  readonly #folder = mkdtempSync(join(ROOT, 'test', 'process', '.readme-'));
  readonly #children: ChildProcess[] = [];

  constructor(...documents: readonly string[]) {
    for (const document of documents) {
      for (const [name, text] of snippetsOf(document)) writeFileSync(this.path(name), text);
    }
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      include: [this.path('*.ts')],
      exclude: [],
    };
    writeFileSync(this.path('tsconfig.json'), JSON.stringify(config));
    writeFileSync(this.path('vitest.config.mjs'), 'export default {};');
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  /** Runs Node.js with these arguments, in the folder. */
  run(...args: readonly string[]): Run {
    const child = spawn(process.execPath, args, { cwd: this.#folder });
    this.#children.push(child);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output += String(chunk);
    });
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, output: () => output, exited };
  }

  /** Runs the script of a package of the checkout. */
  runScript(packageName: string, script: string, ...args: readonly string[]): Run {
    return this.run(join(ROOT, 'node_modules', packageName, script), ...args);
  }

  /** Runs `backchannel start` with a pair of snippets, and waits until its output `says` something. */
  async startPair(pf: string, vf: string, says: RegExp, ...flags: readonly string[]): Promise<Run> {
    const run = this.run(
      join(ROOT, 'cli', 'backchannel.mjs'),
      ...['start', '--pf-miniport', `./${pf}`, '--vf-miniport', `./${vf}`],
      ...['--port', '0', '--control-port', '0', '--state-dir', this.path(`state-${vf}`)],
      ...flags,
    );
    await new Promise<void>((resolve, reject) => {
      run.child.stdout?.on('data', () => {
        if (says.test(run.output())) resolve();
      });
      run.exited.then(() => reject(new Error(run.output())), reject);
    });
    return run;
  }

  /** Ends what was started, and removes the folder. */
  end(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
