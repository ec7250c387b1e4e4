import { describe, expect, test } from 'vitest';
import { createGuestOs } from '#guest/create-guest-os.ts';
import type { GuestOs } from '#guest/guest-os.ts';
import { createManagementOs } from '#host/create-management-os.ts';
import { NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES } from '#shared/ndis/miniport-attributes.ts';
import { createLinkedPair } from '#shared/transport/in-memory.ts';
import type { VerifierMode } from '#shared/verifier/mode.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const BREACH = { id: 'attributes.accepted', actor: 'VF miniport guest/0' };

/** Registers attributes, which is for MiniportInitializeEx alone. */
function breakRule(vf: RecordingVf): void {
  const type = NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES;
  vf.current.adapter.ndisMSetMiniportAttributes({ type, supportedOidList: [] });
}

/** A guest that runs on a management OS in the same process, with a VF miniport that breaks a rule. */
async function broken(verifier?: VerifierMode) {
  const os = createManagementOs({ pfMiniport: new RecordingPf().factory });
  await os.start();
  const vf = new RecordingVf();
  const guest: GuestOs = createGuestOs({
    vfMiniport: vf.factory,
    dial: async (index) => {
      const [guestEnd, hostEnd] = createLinkedPair();
      await os.attach(hostEnd, { vmName: 'guest', index });
      return { transport: guestEnd };
    },
    ...(verifier === undefined ? {} : { verifier }),
  });
  const ended = guest.run();
  expect(await guest.running()).toBe(true);
  breakRule(vf);
  const end = async () => {
    const ends = await guest.stop();
    await os.stop();
    return ends;
  };
  return { guest, ended, end };
}

describe('createGuestOs', () => {
  test.each(['off', undefined] as const)('with the verifier %s watches nothing', async (mode) => {
    const { guest, end } = await broken(mode);
    expect(guest.verifier).toBeUndefined();
    expect(await end()).toMatchObject([{ how: 'stopped' }]);
  });

  test('with the verifier fatal ends a VF whose miniport breaks a rule, and says which', async () => {
    const { guest, ended, end } = await broken('fatal');
    expect(await ended).toMatchObject([
      { how: 'failed', reason: expect.stringContaining('broke attributes.accepted: ') },
    ]);
    expect(guest.verifier?.counts).toEqual([{ ...BREACH, count: 1 }]);
    await end();
  });

  test('with the verifier log has what it found, and goes on', async () => {
    const { guest, end } = await broken('log');
    expect(guest.verifier?.counts).toEqual([{ ...BREACH, count: 1 }]);
    expect(guest.verifier?.reports).toMatchObject([BREACH]);
    expect(guest.verifier?.summary()).toBe(
      '1 breach: attributes.accepted 1 by VF miniport guest/0',
    );
    expect(guest.vfs).toEqual([{ device: 'guest/0', phase: 'running' }]);
    expect(await end()).toMatchObject([{ how: 'stopped' }]);
  });
});
