import { describe, expect, test } from 'vitest';
import hvVhcaPf from '#host/pf-miniport/hv-vhca/index.ts';
import nullPf from '#host/pf-miniport/null.ts';
import referencePf from '#host/pf-miniport/reference/index.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { createWorld, World } from '#test/kit/world/world.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const BUILT_IN = [
  ['reference', referencePf],
  ['hv-vhca', hvVhcaPf],
  ['null', nullPf],
] as const;

describe.each(BUILT_IN)('the %s PF', (_name, pf) => {
  test('registers itself as a PF with SR-IOV enabled [bring-up.pf-registers]', async () => {
    const world = await createWorld({ pf });
    expect(await world.host.view()).toMatchObject({
      hardwareCapabilities: 3,
      currentCapabilities: 3,
    });
    await world.end();
  });

  test('with *SRIOV of 0 registers NULL as its current capabilities, and has neither switch nor VFs [bring-up.pf-registers] [bring-up.sriov-disabled]', async () => {
    const log = recordingLog();
    const world = await createWorld({
      pf,
      configuration: new Map([['*SRIOV', '0']]),
      log: log.log,
    });
    expect(log.messages).toEqual([
      expect.stringContaining('guests get no VF, SR-IOV is not enabled'),
    ]);
    expect(await world.host.view()).toMatchObject({
      luid: undefined,
      hardwareCapabilities: 3,
      currentCapabilities: undefined,
      switches: [],
      vfs: [],
    });
    const guest = await world.attachGuest(new RecordingVf().factory, { retry: true });
    const { code } = CLOSE_CODES.sriovDisabled;
    expect(guest.link.guest.closed).toMatchObject({ code });
    expect(guest.ends).toEqual([
      { how: 'failed', reason: expect.stringContaining('NULL as CurrentSriovCapabilities') },
    ]);
    await world.end();
    expect(world.events.filter(({ hop }) => hop === 'pfMiniportOidRequest')).toEqual([]);
  });

  test('with another value of *SRIOV does not start', async () => {
    const world = new World({ pf, configuration: new Map([['*SRIOV', 'off']]) });
    expect(await world.host.start()).toContain('MiniportInitializeEx returned NDIS_STATUS_FAILURE');
  });
});
