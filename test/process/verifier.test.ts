import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { maskOfBlocks } from '#shared/vpci/config-block.ts';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.create();
  await lab.copyDrivers();
});
afterEach(() => lab.end());

const PF = ['--pf-miniport', 'unruly-pf.ts'];
const VF = ['--vf-miniport', 'unruly-vf.ts'];

describe('--verifier', () => {
  test('logs each breach with its rule, source, events and place, and sums up at the end', async () => {
    const host = await lab.startHost([...PF, '--verifier']);
    await lab.attachGuest(host, 'g1', ['--vf-miniport', 'notes-vf.ts']);
    const control = await lab.control(host);
    for (let times = 0; times < 2; times++) {
      expect(await control.resetVf(0)).toMatchObject({ statusName: 'NDIS_STATUS_SUCCESS' });
    }
    const line = await host.logged(
      'verifier: PF miniport pf0 broke oid.completed-once: OID_SRIOV_RESET_VF: the miniport completed the request again, with NDIS_STATUS_SUCCESS',
      { count: 2 },
    );
    expect(line).toMatchObject({ level: 50, rule: 'oid.completed-once' });
    expect(line['source']).toContain('Microsoft Learn: MINIPORT_OID_REQUEST');
    expect(line['events']).toEqual([
      expect.stringMatching(/^\d+ .*OID_SRIOV_RESET_VF .*\[oidRequest\]$/),
      expect.stringMatching(/^\d+ .*OID_SRIOV_RESET_VF .*\[pfMiniportOidRequest\]$/),
      expect.stringMatching(/^\d+ .*again.*\[pfContractViolated\]$/),
    ]);
    host.signal('SIGTERM');
    await host.logged('verifier: 3 breaches: oid.completed-once 3 by PF miniport pf0');
    expect(await host.ending()).toBe(0);
  });

  test('fatal: a PF that breaks its contract loses its VFs, and the host ends with the report', async () => {
    const host = await lab.startHost([...PF, '--verifier', 'fatal']);
    const guest = await lab.attachGuest(host, 'g1', ['--vf-miniport', 'notes-vf.ts', '--no-retry']);
    await (await lab.control(host)).resetVf(0);
    const { ending, stderr } = await lab.finished(host);
    expect(ending).toBe(1);
    expect(stderr).toMatch(/^backchannel: PF miniport pf0 broke oid\.completed-once: /m);
    expect(stderr).toMatch(/^ {2}source: Microsoft Learn: MINIPORT_OID_REQUEST/m);
    expect(stderr).toMatch(/^ {2}event \d+: .*\[pfMiniportOidRequest\]$/m);
    await guest.logged('halted', { action: 'NdisHaltDeviceSurpriseRemoved' });
    expect(await guest.ending()).toBe(1);
  });

  test('fatal: a VF that breaks its contract ends, and the other VF of its guest goes on', async () => {
    const host = await lab.startHost(['--pf-miniport', 'notes-pf.ts']);
    const guest = await lab.attachGuest(host, 'g1', [...VF, '--verifier', 'fatal'], 2);
    const control = await lab.control(host);
    await control.invalidate(0, maskOfBlocks([20]));
    await control.invalidate(1, maskOfBlocks([20]));
    const broke = 'VF miniport g1/0 broke irql.config-block';
    const line = await guest.logged(
      `verifier: ${broke}: NdisMReadConfigBlock was called at DISPATCH_LEVEL`,
    );
    expect(String(line['stack'])).toContain('unruly-vf.ts:');
    await guest.logged(
      `the VF has failed: ${broke}: NdisMReadConfigBlock was called at DISPATCH_LEVEL (verifierStopped)`,
    );
    await guest.logged('note read', { device: 'g1/1', blockId: 20 });
    await host.logged('VF freed', { device: 'g1/0' });
    const { vfs } = await control.listVfs();
    expect(vfs.map(({ device, state }) => `${device} ${state}`)).toEqual(['g1/1 running']);
    await control.ejectVf(1);
    const { ending, stderr } = await lab.finished(guest);
    expect(ending).toBe(1);
    expect(stderr).toContain(broke);
  });

  test('with a mode that there is not says which there are, and starts nothing', async () => {
    const { ending, stderr } = await lab.run(['host', '--verifier', 'always']);
    expect(ending).toBe(2);
    expect(stderr).toContain('--verifier [mode]: "always" is not valid: expected off, log, fatal');
  });
});
