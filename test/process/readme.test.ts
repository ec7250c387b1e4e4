import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const children: ChildProcess[] = [];
let folder = '';

/** The snippets of the README by the file name behind their language. */
function snippets(): Map<string, string> {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const fences = readme.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm);
  return new Map([...fences].map((fence) => [fence[1] ?? '', fence[2] ?? '']));
}

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

function run(args: readonly string[]): Run {
  const child = spawn(process.execPath, args, { cwd: folder });
  children.push(child);
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

beforeAll(() => {
  // Inside the checkout, where the package resolves its own name as it does for an installed copy.
  folder = mkdtempSync(join(root, 'test', 'process', '.readme-'));
  for (const [name, text] of snippets()) writeFileSync(join(folder, name), text);
  const config = {
    extends: join(root, 'tsconfig.json'),
    include: [join(folder, '*.ts')],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'vitest.config.mjs'), 'export default {};');
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the snippets of the README', () => {
  test('are there', () => {
    expect([...snippets().keys()].sort()).toEqual([
      'contract.test.ts',
      'library.ts',
      'my-pf.ts',
      'my-vf.ts',
    ]);
  });

  test('have no type error', { timeout: 60_000 }, async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { output, exited } = run([tsc, '-p', join(folder, 'tsconfig.json')]);
    expect(await exited, output()).toBe(0);
  });

  test('the pair of miniports runs with the command beside it', { timeout: 60_000 }, async () => {
    const { child, output, exited } = run([
      join(root, 'cli', 'backchannel.mjs'),
      ...['start', '--pf-miniport', './my-pf.ts', '--vf-miniport', './my-vf.ts'],
      ...['--port', '0', '--control-port', '0', '--state-dir', join(folder, 'state')],
    ]);
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', () => {
        if (/greeting goodbye/.test(output())) resolve();
      });
      exited.then(() => reject(new Error(output())), reject);
    });
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(output()).toMatch(/the PF says {2}device g1\/0 {2}greeting hello/);
    expect(output()).toMatch(/the VF has answered {2}vfId 0 {2}answer g1\/0 heard it/);
    expect(output()).toMatch(/OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK/);
  });

  test('the pair keeps the contracts', { timeout: 60_000 }, async () => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { output, exited } = run([vitest, 'run', '--root', folder]);
    expect(await exited, output()).toBe(0);
    expect(output()).toMatch(/2 passed/);
  });

  test('both operating systems run inside one process', { timeout: 60_000 }, async () => {
    const { output, exited } = run(['--import', 'tsx', join(folder, 'library.ts')]);
    expect(await exited, output()).toBe(0);
    expect(output()).toMatch(/running: true\nblock 0: goodbye\nended: \[ \{ how: 'stopped'/);
  });
});
