import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { CommandedVf } from './commanded-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

describe('the control agent', () => {
  test.each([1, 2, 63])(
    'reads nothing on the invalidation of block %d [vhca.invalidation]',
    async (blockId) => {
      const vf = await CommandedVf.start();
      expect(await vf.invalidate(blockId)).toBe(NDIS_STATUS_SUCCESS);
      expect(vf.pf.reads).toEqual([]);
    },
  );

  test('writes nothing when block 0 cannot be read [vhca.unread-block]', async () => {
    const vf = await CommandedVf.start();
    vf.pf.blocks.clear();
    expect(await vf.invalidate(0)).toBe(NDIS_STATUS_SUCCESS);
    expect(vf.pf.writes).toEqual([]);
    expect(vf.logged.lines.at(-1)).toEqual({
      level: 'warn',
      msg: 'hv_vhca control block not read',
    });
  });

  test.each([1, 16, 127])(
    'writes nothing when block 0 has %d bytes [vhca.block-size]',
    async (size) => {
      const vf = await CommandedVf.start();
      vf.pf.say({ control: 1, command: 10 });
      const whole = vf.pf.blocks.get(0) ?? new Uint8Array();
      vf.pf.blocks.set(0, whole.slice(0, size));
      await vf.invalidate(0);
      expect(vf.pf.writes).toEqual([]);
      expect(vf.clock.timers).toBe(0);
      expect(vf.logged.lines.at(-1)).toMatchObject({ msg: 'hv_vhca control block not read' });
    },
  );

  test.each([
    ['beside a known one', 0b11],
    ['alone', 0x8000_0000],
  ])(
    'writes and does nothing for a command to an unknown agent %s [vhca.unknown-agent]',
    async (_, control) => {
      const vf = await CommandedVf.start();
      vf.pf.say({ control, command: 10 });
      await vf.invalidate(0);
      expect(vf.pf.writes).toEqual([]);
      expect(vf.clock.timers).toBe(0);
      expect(vf.logged.lines.at(-1)).toEqual({
        level: 'warn',
        msg: 'hv_vhca command is for an unknown agent',
        control,
        command: 10,
      });
    },
  );

  test('logs a write that fails, and keeps the command [vhca.acknowledgement]', async () => {
    const vf = await CommandedVf.start();
    vf.pf.answerWrite = () => NDIS_STATUS_FAILURE;
    await vf.command(10);
    expect(vf.logged.lines.at(-1)).toEqual({
      level: 'warn',
      msg: 'hv_vhca control block not written',
      status: 'NDIS_STATUS_FAILURE',
    });
    vf.pf.answerWrite = () => NDIS_STATUS_SUCCESS;
    await vf.clock.advance(1000);
    expect(vf.pf.fragments).toHaveLength(1);
  });

  test('commands no agent that is not selected [vhca.acknowledgement]', async () => {
    const vf = await CommandedVf.start();
    vf.pf.say({ control: 0, command: 10, version: 7, rings: 9 });
    await vf.invalidate(0);
    expect(vf.pf.controls).toEqual([
      { capabilities: 1, control: 0, command: 10, commandAck: 10, version: 7, rings: 9 },
    ]);
    expect(vf.clock.timers).toBe(0);
  });

  test('acknowledges a command with the version and the rings of the agent [vhca.acknowledgement] [vhca.statistics]', async () => {
    const vf = await CommandedVf.start({ Rings: '5' });
    await vf.command(0x1234);
    expect(vf.pf.reads).toEqual([0]);
    expect(vf.pf.controls).toEqual([
      { capabilities: 1, control: 1, command: 0x1234, commandAck: 0x1234, version: 1, rings: 5 },
    ]);
  });

  test('hears its own bit among others [vhca.invalidation]', async () => {
    const vf = await CommandedVf.start();
    await vf.invalidate(0, 1, 63);
    expect(vf.pf.reads).toEqual([0]);
  });
});
