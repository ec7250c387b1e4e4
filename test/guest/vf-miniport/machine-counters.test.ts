import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMachineCounters } from '#guest/vf-miniport/machine-counters.ts';

const HEADINGS = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
const LO = '    lo: 1000 10 1 2 0 0 0 0 1000 10 3 4 0 0 0 0\n';
const ETH0 = '  eth0: 11 12 13 14 90 91 92 93 15 16 17 18 94 95 96 97\n';
const ETH1 = ' eth1:100 200 300 400 0 0 0 0 500 600 700 800 0 0 0 0\n';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counters-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function countersOf(text: string) {
  const file = join(folder, 'dev');
  await writeFile(file, text);
  return await readMachineCounters(file);
}

describe("the counters of the machine's network interfaces", () => {
  test('are unknown where there is no such file', async () => {
    expect(await readMachineCounters(join(folder, 'none'))).toBeUndefined();
  });

  test.each([
    ['is empty', ''],
    ['has only headings', HEADINGS],
    ['has too few columns', 'eth0: 1 2 3'],
    ['has columns that are no numbers', ETH0.replace('11', '-1')],
  ])('are unknown where the file %s', async (_, text) => {
    expect(await countersOf(text)).toBeUndefined();
  });

  test('come from the right columns', async () => {
    expect(await countersOf(HEADINGS + ETH0)).toEqual({
      rxBytes: 11n,
      rxPackets: 12n,
      rxErrors: 13n,
      rxDrops: 14n,
      txBytes: 15n,
      txPackets: 16n,
      txErrors: 17n,
      txDrops: 18n,
    });
  });

  test('are those of all interfaces together, without the loopback', async () => {
    expect(await countersOf(HEADINGS + LO + ETH0 + ETH1)).toEqual({
      rxBytes: 111n,
      rxPackets: 212n,
      rxErrors: 313n,
      rxDrops: 414n,
      txBytes: 515n,
      txPackets: 616n,
      txErrors: 717n,
      txDrops: 818n,
    });
  });

  test('are those of the loopback where there is no other', async () => {
    expect(await countersOf(HEADINGS + LO)).toMatchObject({ rxBytes: 1000n, txDrops: 4n });
  });

  test('are exact beyond 2^53', async () => {
    const large = ETH0.replace('11', '18446744073709551615');
    expect(await countersOf(HEADINGS + large)).toMatchObject({ rxBytes: 0xffff_ffff_ffff_ffffn });
  });
});
