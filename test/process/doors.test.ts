import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SnippetFolder, snippetsOf } from './support/snippet-folder.ts';

let folder: SnippetFolder;
beforeAll(() => {
  folder = new SnippetFolder('README.md', 'docs/doors.md');
});
afterAll(() => folder.end());

describe('the snippets of docs/doors.md', () => {
  test('are there', () => {
    expect([...snippetsOf('docs/doors.md').keys()]).toEqual(['irp-vf.ts', 'vbd-vf.ts']);
  });

  test('have no type error', { timeout: 60_000 }, async () => {
    const { output, exited } = folder.runScript('typescript', 'bin/tsc', '-p', folder.path(''));
    expect(await exited, output()).toBe(0);
  });

  test.each([
    ['irp-vf.ts', /IOCTL_VPCI_INVALIDATE_BLOCK/, /NdisMReadConfigBlock|OID_SRIOV_VF_INVALIDATE/],
    ['vbd-vf.ts', /ReadVfConfigBlock/, /NdisMReadConfigBlock/],
  ])(
    '%s runs with the PF miniport of the README, and breaks no rule',
    { timeout: 60_000 },
    async (vf, uses, avoids) => {
      const says = /greeting goodbye/;
      const { child, output, exited } = await folder.startPair('my-pf.ts', vf, says);
      child.kill('SIGINT');
      expect(await exited).toBe(0);
      expect(output()).toMatch(/the PF says {2}device g1\/0 {2}greeting hello/);
      expect(output()).toMatch(/the VF has answered {2}vfId 0 {2}answer g1\/0 heard it/);
      expect(output()).toMatch(uses);
      expect(output()).not.toMatch(avoids);
      expect(output()).not.toMatch(/error|vfContractViolated/i);
    },
  );
});
