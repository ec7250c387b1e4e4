import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

const READ = OID.OID_SRIOV_READ_VF_CONFIG_SPACE;
const WRITE = OID.OID_SRIOV_WRITE_VF_CONFIG_SPACE;

/** A guest in D0, of a PF that has forgotten what it was asked until then. */
async function attached(options: Partial<WorldOptions> = {}) {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...options });
  const { guest } = await world.attachRawGuest();
  await guest.enterD0();
  pf.oids.length = 0;
  return { pf, world, guest };
}

function read(guest: RawGuest, offset: number, bytesRequested: number, slot = 0) {
  return guest.ask('config-window-read', { slot, offset, bytesRequested });
}

function write(guest: RawGuest, offset: number, byteCount: number, value: number, slot = 0) {
  return guest.ask('config-window-write', { slot, offset, byteCount, value });
}

describe('an access to the configuration window', () => {
  test.each([
    ['of no bytes', 0, 0],
    ['of 3 bytes', 0, 3],
    ['of 8 bytes', 0, 8],
    ['of 4 GiB', 0, 0xffff_ffff],
    ['of 2 bytes at an odd offset', 1, 2],
    ['of 4 bytes at half of a dword', 6, 4],
    ['at the end', 256, 1],
    ['far beyond the end', 0xffff_fffc, 4],
  ])(
    '%s is STATUS_INVALID_PARAMETER, and the PF is not asked [config-space.window-accesses]',
    async (_what, offset, length) => {
      const { pf, guest } = await attached();
      const refused = { status: NTSTATUS.STATUS_INVALID_PARAMETER };
      expect(await read(guest, offset, length)).toEqual(refused);
      expect(await write(guest, offset, length, 0)).toEqual(refused);
      expect(pf.oids).toEqual([]);
    },
  );

  test('in another slot is STATUS_NO_SUCH_DEVICE, and the PF is not asked [config-space.window-accesses]', async () => {
    const { pf, guest } = await attached();
    const refused = { status: NTSTATUS.STATUS_NO_SUCH_DEVICE };
    expect(await read(guest, 0, 4, 1)).toEqual(refused);
    expect(await write(guest, 4, 2, 4, 1)).toEqual(refused);
    expect(pf.oids).toEqual([]);
  });

  test('outside D0 is STATUS_DEVICE_NOT_CONNECTED [config-space.window-in-d0]', async () => {
    const { pf, guest } = await attached();
    await guest.ask('FDO_D0_EXIT');
    const refused = { status: NTSTATUS.STATUS_DEVICE_NOT_CONNECTED };
    expect(await read(guest, 0, 4)).toEqual(refused);
    expect(await write(guest, 4, 2, 4)).toEqual(refused);
    expect(pf.oids).toEqual([]);
  });

  test('before D0 is STATUS_DEVICE_NOT_CONNECTED [config-space.window-in-d0]', async () => {
    const { pf, world } = await attached();
    const { guest } = await world.attachRawGuest('early');
    await guest.agreeOnVersion();
    pf.oids.length = 0;
    const refused = { status: NTSTATUS.STATUS_DEVICE_NOT_CONNECTED };
    expect(await read(guest, 0, 4)).toEqual(refused);
    expect(await write(guest, 4, 2, 4)).toEqual(refused);
    expect(pf.oids).toEqual([]);
  });

  test('before a version is agreed on ends the channel', async () => {
    const { world } = await attached();
    const { guest } = await world.attachRawGuest('early');
    expect(await read(guest, 0, 4)).toBeUndefined();
    expect(guest.closed).toMatchObject({ code: 1002 });
  });

  test('while another waits for the PF is STATUS_INVALID_DEVICE_REQUEST, however many there are [config-space.one-access]', async () => {
    const { pf, guest } = await attached();
    pf.leavePending(READ);
    const waiting = guest.request('config-window-read', { slot: 0, offset: 8, bytesRequested: 4 });
    const refused = { status: NTSTATUS.STATUS_INVALID_DEVICE_REQUEST };
    for (let count = 0; count < 100; count++) expect(await read(guest, 0, 4)).toEqual(refused);
    expect(await write(guest, 4, 2, 4)).toEqual(refused);
    expect(pf.oids).toEqual(['OID_SRIOV_READ_VF_CONFIG_SPACE']);
    pf.finish(pf.last(READ));
    await turn();
    expect(guest.completionsOf(waiting)).toEqual([{ status: 0, value: 0x0200_0001 }]);
    pf.leavePending();
    expect(await read(guest, 44, 2)).toEqual({ status: 0, value: 0xfffe });
  });

  test('that waits does not keep the block requests of its VF from their number', async () => {
    const { pf, guest } = await attached();
    pf.leavePending(READ);
    guest.request('config-window-read', { slot: 0, offset: 8, bytesRequested: 4 });
    const blocks = Array.from({ length: 63 }, () => guest.read(5, 1));
    await turn();
    expect(blocks.flatMap((id) => guest.completionsOf(id))).toEqual([]);
    pf.intercept = () => undefined;
    pf.finish(pf.last(READ));
    await turn();
    const answered = blocks.flatMap((id) => guest.completionsOf(id));
    expect(answered).toHaveLength(63);
    expect(answered.every(({ status }) => status === 0)).toBe(true);
  });

  test.each([
    [NDIS_STATUS.NDIS_STATUS_FAILURE, NTSTATUS.STATUS_UNSUCCESSFUL],
    [NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER, NTSTATUS.STATUS_INVALID_PARAMETER],
    [NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH, NTSTATUS.STATUS_NDIS_INVALID_LENGTH],
  ])(
    'that the PF fails with 0x%x fails with 0x%x [config-space.failure]',
    async (answer, status) => {
      const { pf, guest } = await attached();
      pf.intercept = ({ oid }) => (oid === READ || oid === WRITE ? answer : undefined);
      expect(await read(guest, 0, 4)).toEqual({ status });
      expect(await write(guest, 4, 2, 4)).toEqual({ status });
    },
  );

  test('reaches the VF of its own channel and no other', async () => {
    const { world, guest } = await attached();
    const { guest: other } = await world.attachRawGuest('other');
    await other.enterD0();
    expect(await write(guest, 4, 2, 0xffff)).toEqual({ status: 0 });
    expect(await read(guest, 4, 2)).toEqual({ status: 0, value: 4 });
    expect(await read(other, 4, 2)).toEqual({ status: 0, value: 0 });
    guest.close();
    await turn();
    const { guest: next } = await world.attachRawGuest('next');
    await next.enterD0();
    expect(world.host.vf(0)).toMatchObject({ device: 'next/0' });
    expect(await read(next, 4, 2)).toEqual({ status: 0, value: 0 });
  });
});

describe('a read of the configuration window', () => {
  test.each([
    [0, 4, 0x1016_15b3],
    [0, 2, 0x15b3],
    [2, 2, 0x1016],
    [1, 1, 0x15],
    [8, 4, 0x0200_0001],
    [44, 4, 0x0001_fffe],
    [252, 4, 0],
  ])(
    'at %i of %i bytes is 0x%x, little-endian [config-space.ids] [config-space.window-accesses]',
    async (offset, length, value) => {
      const { pf, guest } = await attached();
      expect(await read(guest, offset, length)).toEqual({ status: 0, value });
      expect(pf.oids).toEqual(['OID_SRIOV_READ_VF_CONFIG_SPACE']);
      expect(pf.lastAsked(READ).inputBufferLength).toBe(20);
      expect(pf.lastAsked(READ).outputBufferLength).toBe(20 + length);
    },
  );

  test.each([
    ['nothing', 20],
    ['less than was asked for', 23],
    ['more than the buffer holds', 25],
  ])(
    'of which the PF says that it wrote %s fails, and is logged [config-space.failure]',
    async (_what, bytesWritten) => {
      const log = recordingLog();
      const breaks = ['oid.bytes-in-the-buffer'];
      const { pf, guest } = await attached({ log: log.log, breaks });
      pf.intercept = (request) => {
        if (request.oid !== READ) return undefined;
        request.bytesWritten = bytesWritten;
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      };
      expect(await read(guest, 8, 4)).toEqual({ status: NTSTATUS.STATUS_UNSUCCESSFUL });
      expect(log.messages).toContain('a read of configuration space is too short');
    },
  );

  test('of a PF that does not know the OID is of the header that the host presents, and of zeros [config-space.unknown-to-the-pf]', async () => {
    const { pf, guest } = await attached();
    pf.intercept = ({ oid }) =>
      oid === READ || oid === WRITE ? NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED : undefined;
    expect(await read(guest, 0, 4)).toEqual({ status: 0, value: 0x1016_15b3 });
    expect(await read(guest, 44, 2)).toEqual({ status: 0, value: 0xfffe });
    expect(await read(guest, 64, 4)).toEqual({ status: 0, value: 0 });
    expect(await write(guest, 4, 2, 4)).toEqual({ status: NTSTATUS.STATUS_NOT_SUPPORTED });
  });
});

describe('a write of the configuration window', () => {
  test('of fewer bytes than four takes the low ones', async () => {
    const { pf, guest } = await attached();
    expect(await write(guest, 4, 1, 0xffff_ff04)).toEqual({ status: 0 });
    expect([...pf.lastAsked(WRITE).informationBuffer.subarray(20)]).toEqual([4]);
    expect(await read(guest, 4, 4)).toEqual({ status: 0, value: 4 });
  });

  test('leaves the ids as they are', async () => {
    const { guest } = await attached();
    expect(await write(guest, 0, 4, 0)).toEqual({ status: 0 });
    expect(await read(guest, 0, 4)).toEqual({ status: 0, value: 0x1016_15b3 });
  });

  test('is traced at the PF with its offset', async () => {
    const { world, guest } = await attached();
    await write(guest, 4, 2, 4);
    const asked = world.eventsOf('pfMiniportOidRequest').at(-1);
    expect(asked).toMatchObject({ vfId: 0, length: 2, note: 'offset 0x4', generation: 1 });
    const received = world.eventsOf('guestPacketReceived').at(-1);
    expect(received).toMatchObject({ name: 'config-window-write', length: 2, note: 'offset 0x4' });
  });
});
