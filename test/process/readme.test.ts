import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SnippetFolder, snippetsOf } from './support/snippet-folder.ts';

let folder: SnippetFolder;
beforeAll(() => {
  folder = new SnippetFolder('README.md');
});
afterAll(() => folder.end());

describe('the snippets of the README', () => {
  test('are there', () => {
    expect([...snippetsOf('README.md').keys()].sort()).toEqual([
      'contract.test.ts',
      'library.ts',
      'my-pf.ts',
      'my-vf.ts',
    ]);
  });

  test('have no type error', { timeout: 60_000 }, async () => {
    const { output, exited } = folder.runScript('typescript', 'bin/tsc', '-p', folder.path(''));
    expect(await exited, output()).toBe(0);
  });

  test('the pair of miniports runs with the command beside it', { timeout: 60_000 }, async () => {
    const says = /greeting goodbye/;
    const { child, output, exited } = await folder.startPair('my-pf.ts', 'my-vf.ts', says);
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(output()).toMatch(/the PF says {2}device g1\/0 {2}greeting hello/);
    expect(output()).toMatch(/the VF has answered {2}vfId 0 {2}answer g1\/0 heard it/);
    expect(output()).toMatch(/OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK/);
  });

  test('the pair keeps the contracts', { timeout: 60_000 }, async () => {
    const { output, exited } = folder.runScript(
      'vitest',
      'vitest.mjs',
      'run',
      '--root',
      folder.path(''),
    );
    expect(await exited, output()).toBe(0);
    expect(output()).toMatch(/2 passed/);
  });

  test('both operating systems run inside one process', { timeout: 60_000 }, async () => {
    const { output, exited } = folder.run('--import', 'tsx', folder.path('library.ts'));
    expect(await exited, output()).toBe(0);
    expect(output()).toMatch(/running: true\nblock 0: goodbye\nended: \[ \{ how: 'stopped'/);
    expect(output()).toMatch(/\nverifier: no rule was broken\n$/);
  });
});
