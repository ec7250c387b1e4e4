import { copyFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CommandProcess } from './support/command-process.ts';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
  await lab.copyDrivers();
  await lab.write('plain-pf.js', PLAIN_PF);
  await lab.write('plain-vf.js', PLAIN_VF);
});
afterAll(() => lab.end());

const PLAIN_PF = `
import { configBlockPf, definePfMiniport, maskOfBlocks, NDIS_STATUS } from 'sriov-backchannel/host';

export default definePfMiniport((adapter) => {
  const notes = new Map([[0, Buffer.from('welcome, VF 0')]]);
  return configBlockPf(adapter, {
    readBlock: (vfId, blockId) => notes.get(blockId) ?? NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER,
    writeBlock(vfId, blockId, data) {
      notes.set(blockId, Buffer.from(data));
      adapter.log.info({ vfId, blockId, note: Buffer.from(data).toString() }, 'note written');
      adapter.ndisMInvalidateConfigBlock(vfId, maskOfBlocks([blockId]));
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    },
  });
});
`;

const PLAIN_VF = `
import { configBlockVf, defineVfMiniport } from 'sriov-backchannel/guest';

export default defineVfMiniport((adapter) => {
  const read = async (blockId) => {
    const buffer = Buffer.alloc(128);
    const status = await adapter.ndisMReadConfigBlock(blockId, buffer, buffer.length);
    const note = buffer.toString().replaceAll('\\0', '');
    adapter.log.info({ blockId, status, note }, 'note read');
  };
  return configBlockVf({
    async initialize() {
      await read(0);
      const note = Buffer.from(adapter.name + ' is here');
      return await adapter.ndisMWriteConfigBlock(1, note, note.length);
    },
    async invalidated(blocks) {
      for (const blockId of blocks) await read(blockId);
    },
  });
});
`;

/** Holds a pair to its story: a note is read, one is written, and read when it was invalidated. */
async function expectExchange(host: CommandProcess, guest: CommandProcess): Promise<void> {
  const note = 'g1/0 is here';
  await guest.logged('note read', { device: 'g1/0', blockId: 0, status: 0, note: 'welcome, VF 0' });
  await host.logged('note written', { vfId: 0, blockId: 1, note });
  await guest.logged('note read', { device: 'g1/0', blockId: 1, status: 0, note });
}

describe.concurrent("an author's own pair, in files outside of the repository,", () => {
  test.each(['notes-pf.ts notes-vf.ts', 'plain-pf.js plain-vf.js'])('%s', async (pair) => {
    const [pf = '', vf = ''] = pair.split(' ');
    const host = await lab.startHost(['--pf-miniport', pf]);
    const guest = await lab.attachGuest(host, 'g1', ['--vf-miniport', vf]);
    await expectExchange(host, guest);
    expect([host.stderr, guest.stderr]).toEqual(['', '']);
  });

  test('copied from the templates', async () => {
    const template = (path: string): URL => new URL(`../../${path}`, import.meta.url);
    await copyFile(template('host/pf-miniport/null.ts'), lab.path('my-pf.ts'));
    await copyFile(template('guest/vf-miniport/null.ts'), lab.path('my-vf.ts'));
    const host = await lab.startHost(['--pf-miniport', 'my-pf.ts']);
    const guest = await lab.attachGuest(host, 'g1', ['--vf-miniport', 'my-vf.ts']);
    await host.logged('VF allocated', { vfId: 0, vm: 'g1' });
    expect([host.stderr, guest.stderr]).toEqual(['', '']);
  });
});
