import { describe, expect, test } from 'vitest';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, World } from '#test/kit/world/world.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** What a miniport answers that initializes until the test lets it. */
function initializingPf(): { readonly pf: RecordingPf; readonly finish: () => void } {
  let finish: (status: NdisStatus) => void = () => {};
  const initialize = () =>
    new Promise<NdisStatus>((resolve) => {
      finish = resolve;
    });
  const pf = new RecordingPf({ initialize });
  return { pf, finish: () => finish(NDIS_STATUS.NDIS_STATUS_SUCCESS) };
}

function failingPf(): RecordingPf {
  return new RecordingPf({ initialize: () => NDIS_STATUS.NDIS_STATUS_FAILURE });
}

/** A world whose PFs are these, by name. */
function worldOf(pfs: Readonly<Record<string, RecordingPf>>): World {
  const [first] = Object.values(pfs);
  if (first === undefined) throw new Error('no PF');
  const named = Object.entries(pfs).map(([name, pf]) => ({ name, pfMiniport: pf.factory }));
  return new World({ pf: first.factory, pfs: named });
}

describe('a management OS of which a PF does not start', () => {
  test('says which and why, and stops the PF that has started [pfs.failed-start]', async () => {
    const left = new RecordingPf();
    const world = worldOf({ left, right: failingPf() });
    expect(await world.os.start()).toBe(
      'PF right: the PF miniport did not initialize: MiniportInitializeEx returned NDIS_STATUS_FAILURE',
    );
    expect(world.os.started).toBe(false);
    expect(left.halts).toBe(1);
  });

  test('waits for no PF that is still initializing, and halts it as soon as it is done', async () => {
    const { pf: slow, finish } = initializingPf();
    const world = worldOf({ slow, right: failingPf() });
    expect(await world.os.start()).toContain('PF right: ');
    expect(slow.halts).toBe(0);
    finish();
    await turn();
    expect(slow.oids).toEqual(['OID_NIC_SWITCH_CREATE_SWITCH', 'OID_NIC_SWITCH_DELETE_SWITCH']);
    expect(slow.halts).toBe(1);
  });

  test('throws when two have one name', () => {
    const { factory } = new RecordingPf();
    const pfs = [{ name: 'left' }, { name: 'left' }];
    expect(() => new World({ pf: factory, pfs })).toThrow('two PFs are named left');
  });
});

describe('a management OS with several PFs', () => {
  test('has started when the last of them has', async () => {
    const { pf: slow, finish } = initializingPf();
    const world = worldOf({ slow, right: new RecordingPf() });
    const starting = world.os.start();
    await turn();
    expect(world.os.pfNamed('right')?.started).toBe(true);
    expect(world.os.started).toBe(false);
    finish();
    expect(await starting).toBeUndefined();
    expect(world.os.started).toBe(true);
  });

  test('refuses a guest that names none of them, and does not say which there are [pfs.guest-names]', async () => {
    const { log, messages } = recordingLog();
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, pfs: [{ name: 'secret' }], log });
    const guest = await world.attachGuest(new RecordingVf().factory, { pfs: ['left'] });
    const reason = 'this host has no PF "left"';
    expect(guest.ends).toEqual([{ how: 'failed', reason: `${reason} (noSuchPf)` }]);
    expect(guest.link.guest.closed).toEqual({ code: CLOSE_CODES.noSuchPf.code, reason });
    expect(messages).toContain(`VF refused: ${reason}`);
    expect(world.os.pf.vfs).toEqual([]);
  });

  test('gives a guest that names no PF a VF of the first, and any other what it names [pfs.guest-names]', async () => {
    const world = worldOf({ left: new RecordingPf(), right: new RecordingPf() });
    await world.os.start();
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory, { name: 'g1' });
    await world.attachGuest(vf.factory, { name: 'g2', vfs: 3, pfs: ['right', 'left'] });
    const vfs = world.os.pfs.map(({ name, vfs }) => [name, vfs.map((each) => each.device)]);
    expect(vfs).toEqual([
      ['left', ['g1/0', 'g2/1']],
      ['right', ['g2/0', 'g2/2']],
    ]);
  });

  test('numbers VF instances over all of them, so that no two have one MAC address [pfs.generations]', async () => {
    const world = worldOf({ left: new RecordingPf(), right: new RecordingPf() });
    await world.os.start();
    await world.attachGuest(new RecordingVf().factory, { vfs: 2, pfs: ['left', 'right'] });
    const views = await Promise.all(world.os.pfs.map((pf) => pf.view()));
    const vfs = views.flatMap((view) => view.vfs);
    const serialNumbers = world.os.pfs.flatMap((pf) => pf.vfs.map((each) => each.generation));
    expect(serialNumbers.sort()).toEqual([1, 2]);
    expect(vfs.map((vf) => Buffer.from(vf.permanentMacAddress).toString('hex')).sort()).toEqual([
      '02155d000001',
      '02155d000002',
    ]);
  });

  test('tells its PF in every event, in every state and to the miniport', async () => {
    const right = new RecordingPf();
    const world = worldOf({ left: new RecordingPf(), right });
    await world.os.start();
    await world.attachGuest(new RecordingVf().factory, { pfs: ['right'] });
    expect(right.adapter.name).toBe('right');
    const allocations = world.events.filter(({ name }) => name === 'OID_NIC_SWITCH_ALLOCATE_VF');
    expect(new Set(allocations.map((event) => event.pf))).toEqual(new Set(['right']));
    const created = world.events.filter(({ name }) => name === 'OID_NIC_SWITCH_CREATE_SWITCH');
    expect(new Set(created.map((event) => event.pf))).toEqual(new Set(['left', 'right']));
    expect(world.statesOf('right')).toEqual(['g1/0 allocated', 'g1/0 exposed', 'g1/0 running']);
  });
});
