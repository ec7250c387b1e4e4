import { copyFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Run, SnippetFolder, snippetsOf } from './support/snippet-folder.ts';

// Processes that start a compiler or hundreds of runs, on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

const COMMAND = fileURLToPath(new URL('../../cli/backchannel.mjs', import.meta.url));

let folder: SnippetFolder;
beforeAll(() => {
  folder = new SnippetFolder('docs/testing.md');
});
afterAll(() => folder.end());

function vitest(...files: readonly string[]): Run {
  return folder.runScript('vitest', 'vitest.mjs', 'run', '--root', folder.path(''), ...files);
}

async function backchannel(...args: readonly string[]) {
  const { output, exited } = folder.run(COMMAND, ...args);
  return { code: await exited, output: output() };
}

describe('the snippets of docs/testing.md', () => {
  test('are there', () => {
    expect([...snippetsOf('docs/testing.md').keys()].sort()).toEqual([
      'checkers.test.ts',
      'containers.ts',
      'counter-pf.ts',
      'counter-vf.ts',
      'counter.scenario.ts',
      'faults.test.ts',
      'first.test.ts',
      'processes.test.ts',
      'repaired-vf.ts',
      'search.test.ts',
      'traces.test.ts',
      'with-node-test.ts',
      'world.test.ts',
    ]);
  });

  test('have no type error', async () => {
    const { output, exited } = folder.runScript('typescript', 'bin/tsc', '-p', folder.path(''));
    expect(await exited, output()).toBe(0);
  });

  test('run under vitest', async () => {
    const { output, exited } = vitest();
    expect(await exited, output()).toBe(0);
    expect(output()).toMatch(/11 passed/);
  });

  test('run under node:test', async () => {
    const args = ['--import', 'tsx', '--test', folder.path('with-node-test.ts')];
    const { output, exited } = folder.run(...args);
    expect(await exited, output()).toBe(0);
    expect(output()).toMatch(/pass 1/);
  });
});

describe('the commands of docs/testing.md', () => {
  test('a sweep finds the bug of the counter, and none in the repaired VF', async () => {
    const found = await backchannel('sweep', './counter.scenario.ts');
    expect(found.code, found.output).toBe(1);
    expect(found.output).toMatch(/I5: VF 0 \(g1\/0\) kept version \d+ of block 3/);
    const repaired = ['sweep', './counter.scenario.ts', '--vf-miniport', './repaired-vf.ts'];
    const none = await backchannel(...repaired);
    expect(none.code, none.output).toBe(0);
  });

  test('the repaired VF is the same between processes', async () => {
    const flags = ['--vf-miniport', './repaired-vf.ts', '--world', 'both'];
    const both = await backchannel('check', './counter.scenario.ts', ...flags);
    expect(both.code, both.output).toBe(0);
    expect(both.output).toMatch(/\nholds: the worlds agree\n$/);
    const alone = await backchannel('check', './counter.scenario.ts', '--world', 'processes');
    expect(alone.code, alone.output).toBe(0);
  });

  test('an exploration writes a test, which fails until the driver is repaired', async () => {
    const flags = ['--vf-miniport', './driver-vf.ts', '--test', './repro.test.ts'];
    copyFileSync(folder.path('counter-vf.ts'), folder.path('driver-vf.ts'));
    const found = await backchannel('explore', './counter.scenario.ts', ...flags);
    expect(found.code, found.output).toBe(1);
    expect(readFileSync(folder.path('repro.test.ts'), 'utf8')).toContain('./driver-vf.ts');
    const fails = vitest('repro.test.ts');
    expect(await fails.exited, fails.output()).toBe(1);
    expect(fails.output()).toMatch(/RunError.*I5: VF 0 \(g1\/0\) kept version \d+ of block 3/);
    const line = /^repeat: backchannel (.*)$/m.exec(found.output)?.[1] ?? '';
    expect((await backchannel(...line.split(' '))).code).toBe(1);
    copyFileSync(folder.path('repaired-vf.ts'), folder.path('driver-vf.ts'));
    const passes = vitest('repro.test.ts');
    expect(await passes.exited, passes.output()).toBe(0);
    expect((await backchannel(...line.split(' '))).code).toBe(0);
  });

  test('a trace that was kept can be shown, checked, replayed, and told from another', async () => {
    const latency = '{"seed":1,"latency":"1ms"}';
    const saved = await backchannel('check', './counter.scenario.ts', '--save', 'run.jsonl');
    expect(saved.code, saved.output).toBe(0);
    const other = ['--schedule', latency, '--save', 'other.jsonl'];
    await backchannel('check', './counter.scenario.ts', ...other);
    const shown = await backchannel('trace', 'show', 'run.jsonl');
    expect(shown.output).toMatch(/IOCTL_VPCI_READ_BLOCK block 3/);
    const drawn = await backchannel('trace', 'show', 'run.jsonl', '--format', 'mermaid');
    expect(drawn.output).toMatch(/^sequenceDiagram\n/);
    expect((await backchannel('trace', 'check', 'run.jsonl')).code).toBe(0);
    expect(await backchannel('trace', 'replay', 'run.jsonl')).toEqual({
      code: 0,
      output: 'the traces are the same\n',
    });
    const apart = await backchannel('trace', 'diff', 'run.jsonl', 'other.jsonl');
    expect(apart.code).toBe(1);
    expect(apart.output).toMatch(/^the traces part at event \d+\n/);
  });
});
