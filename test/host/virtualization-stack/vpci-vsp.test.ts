import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { Link } from '#test/kit/world/world-links.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { bytes } from '#test/support/hex.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { TEARDOWN } from '#test/support/vf-oids-in-order.ts';

const {
  STATUS_SUCCESS,
  STATUS_INVALID_PARAMETER,
  STATUS_NO_SUCH_DEVICE,
  STATUS_DEVICE_NOT_CONNECTED,
} = NTSTATUS;

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly guest: RawGuest;
  readonly link: Link;
}

async function newBench(
  options: Partial<WorldOptions> = {},
  pf = new RecordingPf(),
): Promise<Bench> {
  const world = await createWorld({ pf: pf.factory, ...options });
  return { world, pf, ...(await world.attachRawGuest()) };
}

/** A guest whose bus is in D0. */
async function inD0(options: Partial<WorldOptions> = {}, pf = new RecordingPf()): Promise<Bench> {
  const bench = await newBench(options, pf);
  await bench.guest.enterD0();
  bench.guest.received.length = 0;
  bench.pf.oids.length = 0;
  return bench;
}

describe('the handshake of a guest that does not keep to its order', () => {
  test.each<[string, (guest: RawGuest) => void]>([
    ['QUERY_BUS_RELATIONS', (guest) => guest.notify('QUERY_BUS_RELATIONS')],
    ['FDO_D0_ENTRY', (guest) => guest.request('FDO_D0_ENTRY')],
    ['FDO_D0_EXIT', (guest) => guest.request('FDO_D0_EXIT')],
    ['READ_BLOCK', (guest) => guest.read(0, 16)],
    ['WRITE_BLOCK', (guest) => guest.write(0, new Uint8Array(16))],
    ['EJECT_COMPLETE', (guest) => guest.notify('EJECT_COMPLETE', { slot: 0 })],
  ])(
    '%s before the version query ends the channel with 1002, and reaches no PF [bring-up.version-first]',
    async (_type, send) => {
      const { world, pf, guest } = await newBench();
      pf.oids.length = 0;
      send(guest);
      await turn();
      expect(guest.closed).toMatchObject({ code: 1002 });
      expect(pf.oids).toEqual(TEARDOWN);
      expect(world.host.vfs).toEqual([]);
    },
  );

  test('a second version query after one was accepted ends the channel with 1002 [bring-up.version-first]', async () => {
    const { guest } = await newBench();
    await guest.agreeOnVersion();
    guest.request('QUERY_PROTOCOL_VERSION', { protocolVersion: 0x00010001 });
    await turn();
    expect(guest.closed).toMatchObject({ code: 1002 });
  });

  test.each<[string, (guest: RawGuest) => number]>([
    ['READ_BLOCK', (guest) => guest.read(0, 16)],
    ['WRITE_BLOCK', (guest) => guest.write(0, new Uint8Array(16))],
  ])(
    '%s before D0 is STATUS_DEVICE_NOT_CONNECTED, and the channel lives [state.exposed.blocks]',
    async (_type, send) => {
      const { pf, guest } = await newBench();
      await guest.agreeOnVersion();
      pf.oids.length = 0;
      const id = send(guest);
      await turn();
      expect(guest.completionsOf(id)).toEqual([{ status: STATUS_DEVICE_NOT_CONNECTED }]);
      expect(pf.oids).toEqual([]);
      expect(guest.closed).toBeUndefined();
    },
  );

  test('FDO_D0_ENTRY in D0 is STATUS_INVALID_DEVICE_REQUEST [messages.second-d0-entry]', async () => {
    const { guest } = await inD0();
    expect(await guest.ask('FDO_D0_ENTRY')).toEqual({
      status: NTSTATUS.STATUS_INVALID_DEVICE_REQUEST,
    });
    expect(guest.closed).toBeUndefined();
  });

  test('a guest that does not come to D0 in time is cut off, and its VF is freed', async () => {
    const { world, guest } = await newBench();
    await guest.agreeOnVersion();
    await world.clock.advance(29_999);
    expect(guest.closed).toBeUndefined();
    await world.clock.advance(1);
    expect(guest.closed).toMatchObject({ code: CLOSE_CODES.handshakeTimeout.code });
    expect(world.host.vfs).toEqual([]);
    expect(world.clock.timers).toBe(0);
  });

  test('versions are accepted with STATUS_SUCCESS, others refused with STATUS_REVISION_MISMATCH, and the newest that the host speaks is in either answer [messages.query-protocol-version] [messages.version-of-the-host] [messages.version-refused]', async () => {
    const { guest } = await newBench({ versions: [0x00010003, 0x00010001] });
    for (const version of [0x00010006, 0x00010002, 0x00020000, 0, 0xffff_ffff]) {
      const completion = await guest.ask('QUERY_PROTOCOL_VERSION', { protocolVersion: version });
      expect(completion).toEqual({
        status: NTSTATUS.STATUS_REVISION_MISMATCH,
        protocolVersion: 0x00010003,
      });
    }
    const accepted = await guest.ask('QUERY_PROTOCOL_VERSION', { protocolVersion: 0x00010001 });
    expect(accepted).toEqual({ status: STATUS_SUCCESS, protocolVersion: 0x00010003 });
  });
});

describe('the handshake', () => {
  test('lists the device before it completes FDO_D0_ENTRY [bring-up.relations-before-completion] [bring-up.ids-from-the-pf]', async () => {
    const { world, guest } = await newBench();
    await guest.enterD0();
    expect(guest.types).toEqual(['completion', 'BUS_RELATIONS2', 'completion']);
    expect(guest.received[1]?.message).toEqual({
      type: 'BUS_RELATIONS2',
      devices: [
        expect.objectContaining({
          vendorId: 0x15b3,
          deviceId: 0x1016,
          baseClass: 2,
          slot: 0,
          serialNumber: 1,
        }),
      ],
    });
    expect(world.host.vfs).toMatchObject([{ state: 'running', protocolVersion: 0x00010006 }]);
  });

  test('below version 1.3 lists it in BUS_RELATIONS [messages.bus-relations] [messages.bus-relations2]', async () => {
    const { guest } = await newBench();
    await guest.enterD0(0x00010002);
    expect(guest.types).toEqual(['completion', 'BUS_RELATIONS', 'completion']);
  });

  test('lists the device each time that it is asked, before D0, as Linux guests do, and in it [bring-up.relations-before-d0] [messages.query-bus-relations]', async () => {
    const { guest } = await newBench();
    const before = ['completion', 'BUS_RELATIONS'];
    await guest.agreeOnVersion();
    expect(guest.types).toEqual(['completion']);
    guest.notify('QUERY_BUS_RELATIONS');
    await turn();
    expect(guest.types).toEqual(before);
    expect(guest.received.at(-1)?.message).toMatchObject({
      devices: [{ vendorId: 0x15b3, slot: 0, serialNumber: 1 }],
    });
    guest.request('FDO_D0_ENTRY');
    await turn();
    expect(guest.types).toEqual([...before, 'BUS_RELATIONS', 'completion']);
    guest.notify('QUERY_BUS_RELATIONS');
    await turn();
    expect(guest.types.slice(4)).toEqual(['BUS_RELATIONS']);
  });

  test('completes QUERY_BUS_RELATIONS with nothing, behind the list, for a guest that asks for it [messages.query-bus-relations]', async () => {
    const { guest } = await newBench();
    await guest.agreeOnVersion();
    expect(await guest.ask('QUERY_BUS_RELATIONS')).toEqual({});
    expect(guest.types).toEqual(['completion', 'BUS_RELATIONS', 'completion']);
  });

  test('a PF that does not say its ids still has a VF [bring-up.ids-unknown]', async () => {
    const pf = new RecordingPf();
    pf.intercept = ({ oid }) =>
      oid === OID.OID_SRIOV_VF_VENDOR_DEVICE_ID ? NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED : undefined;
    const { guest } = await newBench({}, pf);
    await guest.enterD0();
    expect(guest.received[1]?.message).toMatchObject({
      devices: [{ vendorId: 0xffff, deviceId: 0xffff }],
    });
  });
});

describe('a block request that the host refuses', () => {
  test.each([0, 129, 0xffff_ffff])(
    'a read of %i bytes: STATUS_INVALID_PARAMETER [messages.length-0-or-above-128]',
    async (length) => {
      const { pf, guest } = await inD0();
      const id = guest.read(0, length);
      await turn();
      expect(guest.completionsOf(id)).toEqual([{ status: STATUS_INVALID_PARAMETER }]);
      expect(pf.oids).toEqual([]);
    },
  );

  test.each([
    ['0 bytes [messages.length-0-or-above-128]', 0, 4, STATUS_INVALID_PARAMETER],
    ['129 bytes [messages.length-0-or-above-128]', 129, 132, STATUS_INVALID_PARAMETER],
    [
      'a byte count above the bytes [write.byte-count-contradicts-the-data]',
      5,
      4,
      NTSTATUS.STATUS_BAD_DATA,
    ],
    ['a byte count far above the bytes', 128, 0, NTSTATUS.STATUS_BAD_DATA],
  ])('a write with %s', async (_what, byteCount, length, status) => {
    const { pf, guest } = await inD0();
    const id = guest.write(0, new Uint8Array(length), byteCount);
    await turn();
    expect(guest.completionsOf(id)).toEqual([{ status }]);
    expect(pf.oids).toEqual([]);
    expect(guest.closed).toBeUndefined();
  });

  test.each([
    ['device 1', 0x01],
    ['device 31', 0x1f],
    ['function 1', 0x20],
    ['function 7', 0xe0],
    ['bits that are reserved', 0xffff_ff00],
  ])('of a slot with %s: STATUS_NO_SUCH_DEVICE [messages.slot]', async (_what, slot) => {
    const { pf, guest } = await inD0();
    const ids = [guest.read(0, 16, slot), guest.write(0, new Uint8Array(4), 4, slot)];
    await turn();
    for (const id of ids)
      expect(guest.completionsOf(id)).toEqual([{ status: STATUS_NO_SUCH_DEVICE }]);
    expect(pf.oids).toEqual([]);
  });

  test('the 65th that waits: STATUS_INSUFFICIENT_RESOURCES; the 64 get their answers [concurrency.host-refuses-the-65th]', async () => {
    const { pf, guest } = await inD0();
    pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    const ids = Array.from({ length: 64 }, (_, block) => guest.read(block, 1));
    const beyond = [guest.read(64, 1), guest.write(0, new Uint8Array(1))];
    await turn();
    for (const id of beyond) {
      expect(guest.completionsOf(id)).toEqual([{ status: NTSTATUS.STATUS_INSUFFICIENT_RESOURCES }]);
    }
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK));
    await turn();
    for (const id of ids) {
      expect(guest.completionsOf(id)).toMatchObject([{ status: STATUS_SUCCESS }]);
    }
    expect(guest.closed).toBeUndefined();
  });

  test('a guest whose 64 requests all wait can still leave D0', async () => {
    const { world, pf, guest } = await inD0();
    pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    for (let block = 0; block < 64; block++) guest.read(block, 1);
    expect(await guest.ask('FDO_D0_EXIT')).toEqual({ status: STATUS_SUCCESS });
    expect(world.host.vfs).toMatchObject([{ state: 'halted' }]);
  });

  test('after FDO_D0_EXIT: STATUS_DEVICE_NOT_CONNECTED; D0 can be entered again [state.halted.blocks]', async () => {
    const { world, guest } = await inD0();
    await guest.ask('FDO_D0_EXIT');
    expect(world.host.vfs).toMatchObject([{ state: 'halted' }]);
    const id = guest.read(0, 1);
    await turn();
    expect(guest.completionsOf(id)).toEqual([{ status: STATUS_DEVICE_NOT_CONNECTED }]);
    expect(await guest.ask('FDO_D0_ENTRY')).toEqual({ status: STATUS_SUCCESS });
    expect(world.host.vfs).toMatchObject([{ state: 'running' }]);
  });
});

describe('a block request that the PF miniport fails', () => {
  test.each([
    [NDIS_STATUS.NDIS_STATUS_FAILURE, NTSTATUS.STATUS_UNSUCCESSFUL],
    [NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER, STATUS_INVALID_PARAMETER],
    [NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED, NTSTATUS.STATUS_NOT_SUPPORTED],
    [NDIS_STATUS.NDIS_STATUS_RESOURCES, NTSTATUS.STATUS_INSUFFICIENT_RESOURCES],
    [NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH, NTSTATUS.STATUS_NDIS_INVALID_LENGTH],
    [NDIS_STATUS.NDIS_STATUS_REQUEST_ABORTED, NTSTATUS.STATUS_NDIS_REQUEST_ABORTED],
    [NDIS_STATUS.NDIS_STATUS_INVALID_OID, NTSTATUS.STATUS_NDIS_INVALID_OID],
    [NDIS_STATUS.NDIS_STATUS_NOT_ACCEPTED, NTSTATUS.STATUS_UNSUCCESSFUL],
    [0xc0011234, 0xc0011234],
  ])(
    'with 0x%x completes with 0x%x and no data [status.same-number] [status.ndis-facility-twin] [status.any-failure-of-the-pf]',
    async (answer, status) => {
      const { pf, guest } = await inD0();
      pf.intercept = () => answer;
      const ids = [guest.read(0, 16), guest.write(0, new Uint8Array(16))];
      await turn();
      for (const id of ids) expect(guest.completionsOf(id)).toEqual([{ status }]);
    },
  );

  test.each<[string, unknown]>([
    ['nothing', 0],
    ['beyond the buffer', 37],
    ['a bigint of bytes', 36n],
    ['half a byte', 20.5],
  ])(
    'by claiming to have written %s is no success [pf-oid.bytes-written-beyond-the-buffer] [read.success-without-data]',
    async (_what, bytesWritten) => {
      const { pf, guest } = await inD0({ breaks: ['oid.bytes-in-the-buffer'] });
      pf.intercept = (request) => {
        Object.assign(request, { bytesWritten });
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      };
      const id = guest.read(0, 16);
      await turn();
      expect(guest.completionsOf(id)).toEqual([{ status: NTSTATUS.STATUS_UNSUCCESSFUL }]);
    },
  );

  test('by throwing what cannot be printed hurts nobody else', async () => {
    const { pf, guest } = await inD0({ breaks: ['driver.no-exception'] });
    pf.intercept = () => {
      throw Object.create(null);
    };
    const id = guest.read(0, 16);
    await turn();
    expect(guest.completionsOf(id)).toEqual([{ status: NTSTATUS.STATUS_UNSUCCESSFUL }]);
    pf.intercept = () => undefined;
    const next = guest.read(0, 16);
    await turn();
    expect(guest.completionsOf(next)).toMatchObject([{ status: STATUS_SUCCESS }]);
  });
});

describe('block requests', () => {
  test.each([1, 127, 128])('of %i bytes are read and written', async (length) => {
    const { guest } = await inD0();
    const data = new Uint8Array(length).fill(0xaa);
    const written = guest.write(0xffff_ffff, data);
    const read = guest.read(0xffff_ffff, length);
    await turn();
    expect(guest.completionsOf(written)).toEqual([{ status: STATUS_SUCCESS }]);
    expect(guest.completionsOf(read)).toEqual([
      { status: STATUS_SUCCESS, bytes: Buffer.from(data).toString('base64') },
    ]);
  });

  test.each([1, 4, 8, 129])(
    '%i bytes behind the byte count of a write do not count [write.byte-count-counts]',
    async (padding) => {
      const { guest } = await inD0();
      const data = new Uint8Array(3 + padding).fill(0xee);
      data.set(bytes('AA BB CC'));
      const written = guest.write(64, data, 3);
      const read = guest.read(64, 128);
      await turn();
      expect(guest.completionsOf(written)).toEqual([{ status: STATUS_SUCCESS }]);
      expect(guest.completionsOf(read)).toEqual([{ status: STATUS_SUCCESS, bytes: 'qrvM' }]);
    },
  );

  test('name no VF: what a guest writes, another one does not read', async () => {
    const { world, guest } = await inD0();
    const other = await world.attachRawGuest('other');
    await other.guest.enterD0();
    guest.write(5, bytes('AA'));
    const read = other.guest.read(5, 1);
    await turn();
    expect(other.guest.completionsOf(read)).toEqual([{ status: STATUS_SUCCESS, bytes: 'BQ==' }]);
  });
});

describe('INVALIDATE_BLOCK', () => {
  test('before D0 waits, and is sent with the OR of all masks when D0 is entered [state.exposed.invalidate] [invalidate.stack-ors-the-mask]', async () => {
    const { world, pf, guest } = await newBench();
    pf.invalidate(0, 0x1n);
    await guest.agreeOnVersion();
    pf.invalidate(0, 0x20n);
    await turn();
    expect(guest.masks).toEqual([]);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0x21n }]);
    guest.request('FDO_D0_ENTRY');
    await turn();
    expect(guest.types.slice(-3)).toEqual(['BUS_RELATIONS', 'completion', 'INVALIDATE_BLOCK']);
    expect(guest.masks).toEqual([0x21n]);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0n }]);
  });

  test('after D0 exit waits, and is sent when D0 is entered again [state.halted.invalidate]', async () => {
    const { pf, guest } = await inD0();
    await guest.ask('FDO_D0_EXIT');
    pf.invalidate(0, 0x1n);
    pf.invalidate(0, 0x20n);
    await turn();
    expect(guest.masks).toEqual([]);
    await guest.ask('FDO_D0_ENTRY');
    expect(guest.masks).toEqual([0x21n]);
  });

  test('waits while the channel is congested, ORing, and is sent once it drains [invalidate.cache-cleared-at-hand-over] [invalidate.cached-mask-is-sent]', async () => {
    const { world, pf, guest, link } = await inD0();
    link.host.congest();
    for (const mask of [0x1n, 0x20n, 0x1n]) {
      pf.invalidate(0, mask);
      await turn();
    }
    expect(guest.masks).toEqual([]);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0x21n }]);
    link.host.drain();
    await turn();
    expect(guest.masks).toEqual([0x21n]);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0n }]);
    pf.invalidate(0, 0x4n);
    await turn();
    expect(guest.masks).toEqual([0x21n, 0x4n]);
  });

  test('of several calls in one go is one message [invalidate.calls-in-a-row]', async () => {
    const { pf, guest } = await inD0();
    for (let block = 0n; block < 64n; block++) pf.invalidate(0, 1n << block);
    await turn();
    expect(guest.masks).toEqual([(1n << 64n) - 1n]);
  });

  test('is no request: it wants no completion [invalidate.message]', async () => {
    const { pf, guest } = await inD0();
    pf.invalidate(0, 0x21n);
    await turn();
    expect(guest.received).toEqual([
      expect.objectContaining({
        completionRequested: false,
        message: { type: 'INVALIDATE_BLOCK', slot: 0, blockMask: '0x0000000000000021' },
      }),
    ]);
  });
});
