import { describe, expect, test } from 'vitest';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';
import { CommandedVf } from './commanded-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;
const D0 = 1;
const D3 = 4;

describe('the VF of hv_vhca in a guest that sleeps', () => {
  test('reports nothing, and goes on by the command of before when it wakes', async () => {
    const vf = await CommandedVf.start({ Rings: '1' });
    await vf.command(10);
    await vf.clock.advance(1_000);
    expect(vf.pf.fragments).toHaveLength(1);
    expect(await vf.setPower(D3)).toBe(NDIS_STATUS_SUCCESS);
    expect(vf.clock.timers).toBe(0);
    await vf.clock.advance(60_000);
    expect(vf.pf.fragments).toHaveLength(1);
    expect(await vf.setPower(D0)).toBe(NDIS_STATUS_SUCCESS);
    await vf.clock.advance(1_000);
    expect(vf.pf.fragments).toHaveLength(2);
  });

  test('that fails a report because it fell asleep reports again when it wakes', async () => {
    const vf = await CommandedVf.start({ Rings: '1' });
    await vf.command(10);
    const answer = deferred<NdisStatus>();
    vf.pf.answerWrite = () => answer.promise;
    await vf.clock.advance(1_000);
    await vf.setPower(D3);
    answer.resolve(NDIS_STATUS_FAILURE);
    vf.pf.answerWrite = () => NDIS_STATUS_SUCCESS;
    await vf.clock.advance(0);
    expect(vf.logged.with('hv_vhca report failed, none until the next command')).toEqual([]);
    await vf.setPower(D0);
    await vf.clock.advance(2_000);
    expect(vf.pf.fragments).toHaveLength(3);
  });

  test('without a command has none when it wakes', async () => {
    const vf = await CommandedVf.start({ Rings: '1' });
    await vf.setPower(D3);
    await vf.setPower(D0);
    expect(vf.clock.timers).toBe(0);
    await vf.command(10);
    await vf.clock.advance(1_000);
    expect(vf.pf.fragments).toHaveLength(1);
  });

  test.each(['NdisHaltDevicePoweredDown', 'NdisHaltDeviceFailed'] as const)(
    'halted with %s reads and writes nothing',
    async (action) => {
      const vf = await CommandedVf.start();
      await vf.miniport.miniportHaltEx?.(action);
      expect(vf.pf.reads).toEqual([]);
      expect(vf.pf.writes).toEqual([]);
    },
  );
});
