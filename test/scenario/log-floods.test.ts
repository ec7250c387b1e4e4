import { describe, expect, test } from 'vitest';
import { createLinuxHvVhca } from '#guest/linux/hv-vhca/index.ts';
import type { LinuxModule } from '#guest/linux/linux-vf-driver.ts';
import { createHvVhcaVf } from '#guest/vf-miniport/hv-vhca/index.ts';
import nullVf from '#guest/vf-miniport/null.ts';
import { createReferenceVf } from '#guest/vf-miniport/reference/index.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import hvVhcaPf from '#host/pf-miniport/hv-vhca/index.ts';
import nullPf from '#host/pf-miniport/null.ts';
import { createReferencePf, InMemoryNicConfig } from '#host/pf-miniport/reference/index.ts';
import { encodeControlBlock } from '#shared/hv-vhca/control-block.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { encodeMailboxRequest } from '#shared/reference-nic/mailbox-request.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { allCounters } from '#test/guest/vf-miniport/hv-vhca/commanded-vf.ts';
import type { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn, turns } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { GuestOptions } from '#test/kit/world/world-guest.ts';
import { CapturedLog } from '#test/shared/reference-nic/captured-log.ts';
import { answerAsLinuxExpects } from '#test/support/linux-bench.ts';
import { RAW_DEVICE } from '#test/support/raw-host.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** How often each message is sent. */
const TIMES = 300;

/** The lines that an operator has by default, by what they say, and how often. */
function told(captured: CapturedLog): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { level, msg } of captured.lines) {
    if (level !== 'debug') counts[msg] = (counts[msg] ?? 0) + 1;
  }
  return counts;
}

/** The most lines that say the same, of up to three kinds, for some thousands of messages. */
const MOST = 3 * 8;

function expectFew(captured: CapturedLog): void {
  const counts = told(captured);
  expect(Object.keys(counts)).not.toEqual([]);
  expect(Object.entries(counts).filter(([, count]) => count > MOST)).toEqual([]);
}

const control = { capabilities: 2, control: 0, command: 0, commandAck: 0, version: 1, rings: 9999 };

/** One of everything that a guest may write, and that a bundled PF has something to say about. */
const WRITES: readonly (readonly [number, Uint8Array])[] = [
  [0, new Uint8Array(1)],
  [0, encodeControlBlock(control)],
  [0, encodeControlBlock({ ...control, capabilities: 0 })],
  [1, new Uint8Array(128)],
  [16, new Uint8Array(3)],
  [16, encodeMailboxRequest({ kind: 'setMtu', sequence: 1, mtu: 0 })],
  [16, encodeMailboxRequest({ kind: 'setMtu', sequence: 1, mtu: 1_400 })],
  [16, encodeMailboxRequest({ kind: 'setMtu', sequence: 1, mtu: 1_401 })],
  [17, new Uint8Array(3)],
  [99, new Uint8Array(3)],
];

async function flood(guest: RawGuest): Promise<void> {
  for (let time = 0; time < TIMES; time++) {
    for (const [blockId, bytes] of WRITES) guest.write(blockId, bytes);
    guest.read(99, 128);
    guest.request('RESET_DEVICE', { slot: 0 });
    guest.request('CONFIG_WINDOW_READ', { slot: 0, offset: 0, bytesRequested: 4 });
    guest.request('DEVICE_POWER_STATE_CHANGE', { slot: 0, powerState: 4 });
    await turn();
  }
}

const PFS: readonly (readonly [string, PfMiniportFactory])[] = [
  ['reference', createReferencePf({ source: new InMemoryNicConfig({}) })],
  ['hv-vhca', hvVhcaPf],
  ['null', nullPf],
];

describe('the log of a host', () => {
  test.each(PFS)('is not filled by messages of a guest, with the %s PF', async (_, pf) => {
    const captured = new CapturedLog();
    const world = await createWorld({ pf, log: captured.log });
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    await flood(guest);
    expect(guest.closed).toBeUndefined();
    expectFew(captured);
  });

  test.each(PFS)('is not filled by a guest that comes and goes, with the %s PF', async (_, pf) => {
    const captured = new CapturedLog();
    const world = await createWorld({ pf, log: captured.log, numVfs: 1 });
    for (let time = 0; time < TIMES; time++) {
      const { guest } = await world.attachRawGuest(`g${time}`);
      await guest.enterD0();
      for (const [blockId, bytes] of WRITES) guest.write(blockId, bytes);
      await world.attachRawGuest('refused');
      await world.attachRawGuest('lost', 'no such PF');
      guest.close();
      await turn();
    }
    expect(told(captured)['VF allocated']).toBe(7);
    expectFew(captured);
  });

  const { OID_SRIOV_READ_VF_CONFIG_BLOCK: READ, OID_SRIOV_WRITE_VF_CONFIG_BLOCK: WRITE } = OID;
  test.each([
    ['reads of it succeed without data', () => NDIS_STATUS.NDIS_STATUS_SUCCESS],
    ['answers no NDIS_STATUS', () => 'no status' as never],
    [
      'throws',
      () => {
        throw new Error(`at ${Math.trunc(1e9)}`);
      },
    ],
  ])('is not filled by what a PF does wrong for each message: it %s', async (_, intercept) => {
    const captured = new CapturedLog();
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, log: captured.log, verifier: 'off' });
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    const configRead = OID.OID_SRIOV_READ_VF_CONFIG_SPACE;
    pf.intercept = ({ oid }) =>
      oid === READ || oid === WRITE || oid === configRead ? intercept() : undefined;
    await flood(guest);
    expectFew(captured);
  });
});

const counters = { readCounters: async () => allCounters(4n) };
const VFS: readonly (readonly [string, GuestOptions, Parameters<World['attachGuest']>[0]])[] = [
  ['reference VF', {}, createReferenceVf(counters)],
  ['hv-vhca VF', {}, createHvVhcaVf(counters)],
  ['null VF', {}, nullVf],
  ['reference VF on Linux', { profile: 'linux' }, createReferenceVf(counters)],
  ['Linux driver of hv_vhca', { profile: 'linux' }, createLinuxHvVhca(counters)],
];

/** Block 0 of a PF that commands an agent which no VF has, and whose versions run on. */
function commandingPf(): RecordingPf {
  let version = 0;
  return new RecordingPf({
    readBlock: (_vfId, blockId, length) => {
      const block = encodeControlBlock({ ...control, control: version++ % 2 === 0 ? 2 : 8 });
      return blockId === 0 ? block.subarray(0, length) : NDIS_STATUS.NDIS_STATUS_FAILURE;
    },
    writeBlock: () => NDIS_STATUS.NDIS_STATUS_FAILURE,
  });
}

describe('the log of a guest', () => {
  test.each(VFS)('is not filled by invalidations of the host: %s', async (_, options, vf) => {
    const captured = new CapturedLog();
    const reference = createReferencePf({ source: new InMemoryNicConfig({}) });
    const world = await createWorld({ pf: reference });
    await world.attachGuest(vf, { ...options, log: captured.log });
    for (let time = 0; time < TIMES; time++) {
      world.host.invalidate(0, 0xffff_ffffn);
      await world.settled();
    }
    expectFew(captured);
  });

  test.each(VFS)('is not filled by what the host refuses: %s', async (_, options, vf) => {
    const captured = new CapturedLog();
    const pf = commandingPf();
    const world = await createWorld({ pf: pf.factory, verifier: 'off' });
    const guest = await world.attachGuest(vf, { ...options, log: captured.log, retry: false });
    for (let time = 0; time < TIMES; time++) {
      if (guest.ends === undefined) pf.invalidate(0, 0xffff_ffffn);
      await world.advance('100ms');
    }
    expectFew(captured);
  });

  test.each([
    ['Linux driver of hv_vhca', createLinuxHvVhca(counters)],
    ['null VF', nullVf],
  ])('is not filled by a host that lists another device each time: %s', async (_, linuxDriver) => {
    const bench = await new RawHostBench({
      profile: 'linux',
      linuxDriver: linuxDriver as LinuxModule,
      onHost: (host) => {
        answerAsLinuxExpects(host);
        host.answers['READ_BLOCK'] = () => ({ status: 0, bytes: 'EQ==' });
        host.answers['WRITE_BLOCK'] = () => ({ status: 0 });
      },
    }).run();
    const counts: Record<string, number> = {};
    for (let serialNumber = 2; serialNumber < TIMES; serialNumber++) {
      bench.host.relations([{ ...RAW_DEVICE, serialNumber }]);
      await turns();
    }
    for (const message of bench.log.messages) counts[message] = (counts[message] ?? 0) + 1;
    expect(bench.phases.filter((phase) => phase === 'initializing').length).toBeGreaterThan(100);
    expect(Object.entries(counts).filter(([, count]) => count > MOST)).toEqual([]);
  });

  test('is not filled by a host that takes each VF away as soon as it runs', async () => {
    const captured = new CapturedLog();
    const world = await createWorld({ pf: new RecordingPf().factory });
    const guest = world.startGuest(new RecordingVf().factory, { retry: true, log: captured.log });
    for (let second = 0; second < 3_600; second++) {
      await world.advance('1s');
      guest.links.at(-1)?.host.close({ code: CLOSE_CODES.lost.code, reason: 'flap' });
    }
    expect(guest.links.length).toBeLessThan(600);
    expectFew(captured);
  });
});
