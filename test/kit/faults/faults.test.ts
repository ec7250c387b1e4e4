import { describe, expect, test } from 'vitest';
import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { RecordingLinuxDriver } from '#test/support/recording-linux-driver.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { createWorld } from '../world/world.ts';
import {
  cut,
  delay,
  drop,
  duplicate,
  failAllocation,
  forge,
  hold,
  kill,
  overrideStatus,
  truncate,
} from './fault.ts';

describe('faults', () => {
  test('a hop that a verb cannot break is refused by name', async () => {
    const faults = [{ when: { hop: 'blockMaskCached' as const }, do: drop() }];
    await expect(createWorld({ pf: new RecordingPf().factory, faults })).rejects.toThrow(
      'drop is not possible at blockMaskCached',
    );
  });

  test('a delayed invalidation arrives when its time has come', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const world = await createWorld({
      pf: pf.factory,
      faults: [{ when: { hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK' }, do: delay('500ms') }],
    });
    await world.attachGuest(vf.factory);
    pf.invalidate(0, 8n);
    await world.advance('499ms');
    expect(vf.current.masks).toEqual([]);
    await world.advance('1ms');
    expect(vf.current.masks).toEqual([8n]);
    expect(world.unfired).toEqual([]);
    await world.end();
  });

  test('a block is told in a mask by its bit', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const world = await createWorld({
      pf: pf.factory,
      faults: [{ when: { hop: 'hostPacketSent', blockId: 3 }, do: delay('500ms') }],
    });
    await world.attachGuest(vf.factory);
    pf.invalidate(0, 4n);
    await world.advance('1ms');
    expect(vf.current.masks).toEqual([4n]);
    pf.invalidate(0, 9n);
    await world.advance('1ms');
    expect([vf.current.masks, world.unfired]).toEqual([[4n], []]);
    await world.end();
    expect(vf.current.masks).toEqual([4n, 9n]);
  });

  test('an allocation that fails gives NULL once, to a PF, a VF and a Linux driver alike', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const linux = new RecordingLinuxDriver();
    const hops = ['pfAllocateMemory', 'vfAllocateMemory', 'kzalloc'] as const;
    const world = await createWorld({
      pf: pf.factory,
      faults: hops.map((hop) => ({ when: { hop, nth: 1 }, do: failAllocation() })),
    });
    await world.attachGuest(vf.factory);
    await world.attachGuest(linux.module, { name: 'g2', profile: 'linux' });
    const allocators = [
      pf.adapter.ndisAllocateMemoryWithTagPriority,
      vf.current.adapter.ndisAllocateMemoryWithTagPriority,
      linux.current.kernel.kzalloc,
    ];
    expect(allocators.map((allocate) => allocate(4))).toEqual([undefined, undefined, undefined]);
    expect(allocators.map((allocate) => allocate(4)?.byteLength)).toEqual([4, 4, 4]);
    expect(world.unfired).toEqual([]);
    expect(world.eventsOf('vfAllocateMemory')).toMatchObject([
      { name: 'NdisAllocateMemoryWithTagPriority', device: 'g1/0', length: 4 },
      { length: 4 },
    ]);
    expect(world.eventsOf('kzalloc')).toMatchObject([{ device: 'g2/0', length: 4 }, {}]);
    await world.end();
  });

  test('a cut at any hop ends the VF', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const world = await createWorld({
      pf: pf.factory,
      faults: [{ when: { hop: 'blockMaskCached' }, do: cut() }],
    });
    const guest = await world.attachGuest(vf.factory);
    pf.invalidate(0, 8n);
    await world.settled();
    expect(vf.current.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    expect(guest.ends).toHaveLength(1);
    await world.end();
  });

  test('a guest that dies sends nothing more, and its VF is freed', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const world = await createWorld({
      pf: pf.factory,
      faults: [{ when: { hop: 'guestPacketSent', name: 'READ_BLOCK' }, do: kill('guest') }],
    });
    const guest = await world.attachGuest(vf.factory);
    const read = vf.current.read(1, 16);
    await world.settled();
    expect(pf.oids.filter((oid) => oid.includes('READ_VF_CONFIG_BLOCK'))).toEqual([]);
    expect(world.states.at(-1)).toBe('g1/0 freed');
    expect(guest.phases.at(-1)).toBe('g1/0 running');
    await world.end();
    void read;
  });

  test('a completion that comes twice is answered once, and one with another status fails', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const when = { hop: 'hostCompletionSent', name: 'READ_BLOCK' } as const;
    const world = await createWorld({
      pf: pf.factory,
      faults: [
        { when: { ...when, nth: 1 }, do: duplicate() },
        { when: { ...when, nth: 2 }, do: overrideStatus(0xc000000d) },
        { when: { ...when, nth: 3 }, do: truncate(4) },
        { when: { ...when, nth: 4 }, do: hold({ hop: 'ndisMInvalidateConfigBlock' }) },
      ],
    });
    await world.attachGuest(vf.factory);
    expect(await vf.current.read(1, 8)).toEqual(new Uint8Array(8).fill(1));
    expect(await vf.current.read(1, 8)).toBe(0xc0000001);
    const short = await vf.current.read(1, 8);
    expect(short).toEqual(Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0));
    let read: unknown;
    void vf.current.read(1, 8).then((value) => (read = value));
    await world.advance('5s');
    expect(read).toBeUndefined();
    pf.invalidate(0, 1n);
    await world.settled();
    expect(read).toEqual(new Uint8Array(8).fill(1));
    expect(world.unfired).toEqual([]);
    await world.end();
  });

  test('a forged packet follows the frame that it was forged behind, and nobody has sent it', async () => {
    const linux = new RecordingLinuxDriver();
    const world = await createWorld({
      pf: new RecordingPf().factory,
      faults: [
        {
          when: { hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK' },
          do: forge({ type: 'BUS_RELATIONS2', devices: [] }),
        },
      ],
    });
    const guest = await world.attachGuest(linux.module, { profile: 'linux' });
    linux.current.register();
    world.host.invalidate(0, 8n);
    await world.settled();
    expect(linux.current.masks).toEqual([8n]);
    expect(linux.current.removed).toBe(1);
    expect(guest.phases.at(-1)).toBe('g1/0 handshake');
    const lists = (hop: HopName) => world.eventsOf(hop).filter(isList).length;
    expect(lists('hostPacketReceived')).toBe(lists('hostPacketSent') + 1);
    await world.end();
  });

  test('a forged packet of an unknown type is passed over, and a malformed one ends the channel', async () => {
    const when = { hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK' } as const;
    const world = await createWorld({
      pf: new RecordingPf().factory,
      faults: [
        { when: { ...when, nth: 1 }, do: forge({ type: 'NEWER_THAN_ALL' }) },
        { when: { ...when, nth: 2 }, do: forge({ type: 'INVALIDATE_BLOCK', slot: -1 }) },
      ],
    });
    const guest = await world.attachGuest(new RecordingVf().factory);
    world.host.invalidate(0, 8n);
    await world.settled();
    expect(world.events).toContainEqual(
      expect.objectContaining({ name: 'NEWER_THAN_ALL', note: 'a type unknown here' }),
    );
    expect(guest.ends).toBeUndefined();
    world.host.invalidate(0, 8n);
    await world.settled();
    expect(guest.ends).toMatchObject([{ reason: expect.stringMatching(/malformed frame/) }]);
    await world.end();
  });

  test('a forged mask is none that the PF has invented', async () => {
    const forged = { type: 'INVALIDATE_BLOCK', slot: 0, blockMask: '0x0000000000000010' };
    const world = await createWorld({
      pf: new RecordingPf().factory,
      faults: [{ when: { hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK' }, do: forge(forged) }],
    });
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory);
    world.host.invalidate(0, 8n);
    await world.settled();
    expect(vf.current.masks).toEqual([8n, 16n]);
    expect(world.check().find(({ id }) => id === 'I4')?.holds).toBe(true);
    await world.end();
  });
});

function isList({ name }: TraceEvent): boolean {
  return name === 'BUS_RELATIONS2';
}
