import { describe, expect, test } from 'vitest';
import { EMPTY_CONTROL_BLOCK } from '#shared/hv-vhca/control-block.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { turn } from '#test/kit/world/turn.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';
import { CommandedVf, ScriptedHvVhcaPf } from './commanded-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

describe('the VF of hv_vhca, at its start', () => {
  test('fails with a keyword that is not valid, and touches no block', async () => {
    const vf = new CommandedVf({ Rings: 'many' });
    expect(await vf.initialize()).toBe(NDIS_STATUS_FAILURE);
    expect(vf.logged.lines).toEqual([
      {
        level: 'error',
        msg: 'keyword is not valid',
        keyword: 'Rings',
        found: 'many',
        expected: '0 to 256',
      },
    ]);
    expect(vf.pf.reads).toEqual([]);
  });

  test('does without a PF that does not know the protocol', async () => {
    const vf = new CommandedVf();
    vf.pf.blocks.clear();
    expect(await vf.initialize()).toBe(NDIS_STATUS_SUCCESS);
    expect(vf.pf.writes).toEqual([]);
    expect(vf.logged.with('hv_vhca control block not read')).toHaveLength(2);
  });

  test('tells after each agent what agents it has, without being asked [vhca.announcement] [vhca.no-agents]', async () => {
    const vf = new CommandedVf();
    expect(await vf.initialize()).toBe(NDIS_STATUS_SUCCESS);
    expect(vf.pf.reads).toEqual([0, 0]);
    expect(vf.pf.controls).toEqual([
      EMPTY_CONTROL_BLOCK,
      { ...EMPTY_CONTROL_BLOCK, capabilities: 1 },
    ]);
    expect(vf.clock.timers).toBe(0);
  });

  test('acts on a command that was there before its agents', async () => {
    const pf = new ScriptedHvVhcaPf();
    pf.say({ control: 1, command: 10 });
    const vf = new CommandedVf({ Rings: '3' }, undefined, pf);
    await vf.initialize();
    expect(pf.controls).toEqual([
      EMPTY_CONTROL_BLOCK,
      { capabilities: 1, control: 1, command: 10, commandAck: 10, version: 1, rings: 3 },
    ]);
    await vf.clock.advance(1000);
    expect(pf.fragments).toHaveLength(1);
  });

  test('acts once on an invalidation that races the creation of its agents [vhca.invalidation]', async () => {
    const vf = new CommandedVf();
    const answer = deferred<void>();
    vf.pf.beforeRead = () => answer.promise;
    const start = vf.initialize();
    await turn();
    const told = vf.command(10);
    await turn();
    expect(vf.pf.reads).toEqual([0]);
    answer.resolve();
    expect(await start).toBe(NDIS_STATUS_SUCCESS);
    await told;
    expect(vf.pf.controls.at(-1)).toMatchObject({ capabilities: 1, commandAck: 10 });
    expect(vf.clock.timers).toBe(1);
    await vf.clock.advance(1000);
    expect(vf.pf.fragments).toHaveLength(1);
  });
});

describe('the VF of hv_vhca, at its halt', () => {
  test('after a surprise removal reads and writes nothing [vhca.teardown]', async () => {
    const vf = await CommandedVf.start();
    await vf.command(10);
    vf.pf.reads.length = 0;
    vf.pf.writes.length = 0;
    await vf.miniport.miniportHaltEx?.('NdisHaltDeviceSurpriseRemoved');
    await vf.clock.advance(10_000);
    expect(vf.pf.reads).toEqual([]);
    expect(vf.pf.writes).toEqual([]);
    expect(vf.clock.timers).toBe(0);
  });

  test('tells that it has no agent any more [vhca.announcement] [vhca.no-agents] [vhca.teardown]', async () => {
    const vf = await CommandedVf.start();
    await vf.command(10);
    vf.pf.writes.length = 0;
    await vf.halt();
    expect(vf.pf.controls).toEqual([EMPTY_CONTROL_BLOCK]);
    expect(vf.clock.timers).toBe(0);
  });

  test('waits for the fragment under way, and writes no other', async () => {
    const vf = await CommandedVf.start({ Rings: '8' });
    await vf.command(0xffff);
    const answer = deferred<NdisStatus>();
    vf.pf.answerWrite = () => answer.promise;
    await vf.clock.advance(0);
    vf.pf.answerWrite = () => NDIS_STATUS_SUCCESS;
    let halted = false;
    const halt = vf.halt().then(() => {
      halted = true;
    });
    await turn();
    expect(halted).toBe(false);
    answer.resolve(NDIS_STATUS_SUCCESS);
    await halt;
    expect(vf.pf.fragments).toHaveLength(1);
    expect(vf.pf.controls.at(-1)).toEqual(EMPTY_CONTROL_BLOCK);
  });

  test('logs nothing of a report that it cuts short', async () => {
    const vf = await CommandedVf.start();
    await vf.command(0xffff);
    const answer = deferred<NdisStatus>();
    vf.pf.answerWrite = ({ blockId }) => (blockId === 1 ? answer.promise : NDIS_STATUS_SUCCESS);
    await vf.clock.advance(0);
    const halt = vf.halt();
    answer.resolve(NDIS_STATUS_FAILURE);
    await halt;
    expect(vf.logged.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });
});
