import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SnippetFolder, snippetsOf } from './support/snippet-folder.ts';

let folder: SnippetFolder;
beforeAll(() => {
  folder = new SnippetFolder('README.md', 'docs/profiles.md');
});
afterAll(() => folder.end());

describe('the snippet of docs/profiles.md', () => {
  test('is there', () => {
    expect([...snippetsOf('docs/profiles.md').keys()]).toEqual(['linux-vf.ts']);
  });

  test('has no type error', { timeout: 60_000 }, async () => {
    const { output, exited } = folder.runScript('typescript', 'bin/tsc', '-p', folder.path(''));
    expect(await exited, output()).toBe(0);
  });

  test('runs on Linux with the PF miniport of the README', { timeout: 60_000 }, async () => {
    const says = /greeting goodbye/;
    const linux = ['--profile', 'linux'];
    const run = await folder.startPair('my-pf.ts', 'linux-vf.ts', says, ...linux);
    run.child.kill('SIGINT');
    expect(await run.exited).toBe(0);
    expect(run.output()).toMatch(/the PF says {2}device g1\/0 {2}greeting hello/);
    expect(run.output()).toMatch(/the VF has answered {2}vfId 0 {2}answer g1\/0 heard it/);
    expect(run.output()).toMatch(/block_invalidate mask 0x1/);
    expect(run.output()).not.toMatch(/error|linuxContractViolated/i);
  });
});
