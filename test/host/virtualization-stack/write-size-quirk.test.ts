import { describe, expect, test } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

const { STATUS_SUCCESS, STATUS_BAD_DATA, STATUS_INVALID_PARAMETER } = NTSTATUS;

async function newBench(writeSizeQuirk: 'none' | '2018') {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, writeSizeQuirk });
  const { guest } = await world.attachRawGuest();
  await guest.enterD0();
  pf.oids.length = 0;
  return { pf, guest };
}

describe('a host with the write-size quirk', () => {
  test.each([0, 1, 2, 3])(
    'refuses a write with %i bytes of padding with STATUS_BAD_DATA, and asks no PF [linux.host-of-2018] [linux.host-of-2018.status]',
    async (padding) => {
      const { pf, guest } = await newBench('2018');
      const written = guest.write(64, new Uint8Array(3 + padding), 3);
      await turn();
      expect(guest.completionsOf(written)).toEqual([{ status: STATUS_BAD_DATA }]);
      expect(pf.oids).toEqual([]);
    },
  );

  test('judges the byte count first', async () => {
    const { guest } = await newBench('2018');
    const written = guest.write(64, new Uint8Array(132), 129);
    await turn();
    expect(guest.completionsOf(written)).toEqual([{ status: STATUS_INVALID_PARAMETER }]);
  });

  test.each([1, 127, 128])(
    'takes a write of %i bytes with four more, which the PF does not see [linux.host-of-2018]',
    async (length) => {
      const { pf, guest } = await newBench('2018');
      const data = new Uint8Array(length + 4).fill(0xee);
      data.fill(0xaa, 0, length);
      const written = guest.write(64, data, length);
      const read = guest.read(64, 128);
      await turn();
      expect(guest.completionsOf(written)).toEqual([{ status: STATUS_SUCCESS }]);
      const bytes = Buffer.from(data.subarray(0, length)).toString('base64');
      expect(guest.completionsOf(read)).toEqual([{ status: STATUS_SUCCESS, bytes }]);
      expect(pf.oids).toHaveLength(2);
    },
  );
});

describe('a host without it', () => {
  test('takes a write with padding and one without', async () => {
    const { guest } = await newBench('none');
    const ids = [0, 4].map((padding) => guest.write(64, new Uint8Array(3 + padding), 3));
    await turn();
    for (const id of ids) expect(guest.completionsOf(id)).toEqual([{ status: STATUS_SUCCESS }]);
  });
});
