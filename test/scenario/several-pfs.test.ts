import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { completesOnce } from '#test/kit/check/completes-once.ts';
import { dataBelongs } from '#test/kit/check/data-belongs.ts';
import { historyOf } from '#test/kit/check/history.ts';
import { isolated } from '#test/kit/check/isolated.ts';
import { noInventedBits } from '#test/kit/check/no-invented-bits.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import { RecordingVf, type RecordingVfInstance } from '#test/support/recording-vf.ts';
import {
  bitOf,
  REFUSED_BLOCK,
  STATUSES,
  StampedPf,
  stampOf,
  statusOf,
} from '#test/support/stamped-pf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

const NAMES = ['left', 'right'] as const;
type PfName = (typeof NAMES)[number];

interface AttachedVf {
  readonly device: string;
  readonly pf: PfName;
  readonly miniport: RecordingVfInstance;
  readonly guest: AttachedGuest;
}

/** Two PFs with two VFs each, one of either guest. */
class TwoPfs {
  /** What reached a VF that was not for it. */
  readonly crossed: string[] = [];
  readonly vfs: AttachedVf[] = [];
  readonly #world: World;
  readonly #pfs: Readonly<Record<PfName, StampedPf>>;
  readonly #written = new Map<string, number>();
  #guests = 0;

  private constructor(world: World, pfs: Readonly<Record<PfName, StampedPf>>) {
    this.#world = world;
    this.#pfs = pfs;
  }

  static async create(): Promise<TwoPfs> {
    const pfs = { left: new StampedPf('left'), right: new StampedPf('right') };
    const world = await createWorld({
      pf: pfs.left.recording.factory,
      numVfs: 2,
      pfs: NAMES.map((name) => ({ name, pfMiniport: pfs[name].recording.factory })),
    });
    const both = new TwoPfs(world, pfs);
    await both.attach(NAMES);
    await both.attach(NAMES);
    return both;
  }

  get world(): World {
    return this.#world;
  }

  pf(name: PfName): StampedPf {
    return this.#pfs[name];
  }

  /** The VF of a device. */
  vf(device: string): AttachedVf {
    const vf = this.vfs.find((each) => each.device === device);
    if (vf === undefined) throw new Error(`no VF ${device}`);
    return vf;
  }

  /** Attaches a guest with a VF of each of these PFs. */
  async attach(pfs: readonly PfName[]): Promise<void> {
    const vf = new RecordingVf({
      invalidated: ({ adapter: { name } }, mask) => {
        if (mask !== bitOf(name)) this.crossed.push(`${name} was told of ${mask.toString(16)}`);
      },
    });
    const name = `g${++this.#guests}`;
    const guest = await this.#world.attachGuest(vf.factory, { name, vfs: pfs.length, pfs });
    for (const miniport of vf.instances) {
      const device = miniport.adapter.name;
      const pf = pfs[Number(device.slice(name.length + 1))];
      if (pf !== undefined) this.vfs.push({ device, pf, miniport, guest });
    }
  }

  /** Reads a block, and tells whether that succeeded. */
  async read({ device, pf, miniport }: AttachedVf, blockId: number): Promise<boolean> {
    const answer = await miniport.read(blockId, 24);
    if (typeof answer === 'number') return false;
    const text = Buffer.from(answer).toString().replace(/\0+$/, '');
    if (text !== stampOf(pf, device, blockId)) this.crossed.push(`${device} has read "${text}"`);
    return true;
  }

  async write({ device, pf, miniport }: AttachedVf, blockId: number): Promise<void> {
    const status = await miniport.write(blockId, Buffer.from(stampOf(pf, device, blockId)));
    if (status !== NDIS_STATUS_SUCCESS) return;
    this.#written.set(device, (this.#written.get(device) ?? 0) + 1);
  }

  /** Ejects a VF and gives its VFId to another guest. */
  async replace(vf: AttachedVf): Promise<void> {
    this.pf(vf.pf).release();
    this.onHost(vf, (pf, vfId) => pf.ejectVf(vfId));
    await this.#world.settled();
    this.vfs.splice(this.vfs.indexOf(vf), 1);
    await this.attach([vf.pf]);
  }

  /** Does something to a VF as an operator, by its PF and its VFId. */
  onHost(
    { device, pf: name }: AttachedVf,
    act: (pf: World['host'], vfId: number) => unknown,
  ): void {
    const pf = this.#world.os.pfNamed(name);
    const vf = pf?.vfs.find((each) => each.device === device);
    if (pf !== undefined && vf !== undefined) act(pf, vf.vfId);
  }

  /** Everything that was found where it was not meant to be, once all is over. */
  async end(): Promise<readonly string[]> {
    for (const name of NAMES) this.pf(name).release();
    await this.#world.settled();
    const { events } = this.#world;
    const strange = events.flatMap(({ device = '', hop, status = 0 }) => {
      const isOneOfOurs = hop === 'ioCompleteRequest' && status >>> 16 === STATUSES >>> 16;
      return isOneOfOurs && status !== statusOf(device) ? [`${device} got ${status}`] : [];
    });
    const miscounted = this.vfs.flatMap(({ device, pf }) => {
      const [sent, taken] = [this.#written.get(device), this.pf(pf).writes.get(device)];
      return sent === taken ? [] : [`${device} wrote ${sent} times, and its PF took ${taken}`];
    });
    await this.#world.end();
    const run = { events, faults: [], history: historyOf(events) };
    const checked = [completesOnce, dataBelongs, isolated, noInventedBits].flatMap((checker) =>
      checker.check(run).holds === true ? [] : checker.check(run).why,
    );
    const atPfs = NAMES.flatMap((name) => this.pf(name).crossed);
    return [...this.crossed, ...atPfs, ...strange, ...miscounted, ...checked];
  }
}

const which = fc.nat({ max: 7 });
const block = fc.constantFrom(0, 1, REFUSED_BLOCK, 63, 64);
const pfName = fc.constantFrom(...NAMES);

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('read' as const), which, block }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('write' as const), which, block }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('invalidate' as const), which }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('reset' as const), which }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('replace' as const), which }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('hold' as const), pfName }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('release' as const), pfName }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('settle' as const) }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

async function perform(both: TwoPfs, step: Operation, going: Promise<unknown>[]): Promise<void> {
  if (step.op === 'settle') return both.world.settled();
  if (step.op === 'hold') return both.pf(step.pfName).hold();
  if (step.op === 'release') return both.pf(step.pfName).release();
  const vf = both.vfs[step.which % both.vfs.length];
  if (vf === undefined) return;
  if (step.op === 'read') going.push(both.read(vf, step.block));
  else if (step.op === 'write') going.push(both.write(vf, step.block));
  else if (step.op === 'invalidate') both.pf(vf.pf).invalidate(vf.device);
  else if (step.op === 'reset') both.onHost(vf, (pf, vfId) => void pf.resetVf(vfId));
  else await both.replace(vf);
}

describe('two PFs with two VFs each, in two guests', () => {
  test('keep blocks, masks, statuses and counts apart, whatever happens in whatever order [pfs.own-vfs]', async () => {
    const property = fc.asyncProperty(fc.array(operation, { maxLength: 60 }), async (steps) => {
      const both = await TwoPfs.create();
      const going: Promise<unknown>[] = [];
      for (const step of steps) await perform(both, step, going);
      expect(await both.end()).toEqual([]);
      await Promise.all(going);
    });
    await fc.assert(property, { numRuns: 150, seed: 20_240_607 });
  });

  test('have VFs of the same VFIds, of which one is reset, invalidated and ejected alone', async () => {
    const both = await TwoPfs.create();
    both.world.events.length = 0;
    both.onHost(both.vf('g1/0'), (pf, vfId) => void pf.resetVf(vfId));
    both.pf('left').invalidate('g1/0');
    await both.world.settled();
    both.onHost(both.vf('g1/0'), (pf, vfId) => pf.ejectVf(vfId));
    await both.world.settled();
    expect(both.world.events.filter(({ pf }) => pf === 'right')).toEqual([]);
    expect(both.vf('g1/1').miniport.masks).toEqual([]);
    expect(both.world.os.pfs.map((pf) => pf.vfs.map(({ device }) => device))).toEqual([
      ['g2/0'],
      ['g1/1', 'g2/1'],
    ]);
    expect(await both.end()).toEqual([]);
  });

  test('give a freed VFId to another guest, who sees nothing of the old one', async () => {
    const both = await TwoPfs.create();
    both.vf('g1/0').guest.links[0]?.host.congest();
    both.world.os.pf.invalidate(0, 0xffffn);
    await both.world.settled();
    expect(both.world.os.pf.vf(0)).toMatchObject({ device: 'g1/0', pendingMask: 0xffffn });
    both.world.os.pf.ejectVf(0);
    await both.world.settled();
    await both.attach(['left']);
    expect(both.world.os.pf.vf(0)).toMatchObject({ device: 'g3/0', pendingMask: 0n });
    expect(await both.read(both.vf('g3/0'), 5)).toBe(true);
    expect(both.vf('g3/0').miniport.masks).toEqual([]);
    expect(both.crossed).toEqual([]);
  });
});

describe('a PF that hangs', () => {
  test('delays its own VFs, and none of another PF, by any request [pfs.one-hangs]', async () => {
    const both = await TwoPfs.create();
    both.pf('left').hold();
    let answered = false;
    const held = both.read(both.vf('g1/0'), 0).then(() => {
      answered = true;
    });
    expect(await both.read(both.vf('g1/1'), 0)).toBe(true);
    await both.write(both.vf('g2/1'), 1);
    both.pf('right').invalidate('g2/1');
    both.onHost(both.vf('g1/1'), (pf, vfId) => pf.ejectVf(vfId));
    await both.world.settled();
    expect(both.pf('right').writes.get('g2/1')).toBe(1);
    expect(both.vf('g2/1').miniport.masks).toEqual([bitOf('g2/1')]);
    await both.attach(['right']);
    expect(both.world.os.pfNamed('right')?.vf(0)?.device).toBe('g3/0');
    expect(answered).toBe(false);
    both.pf('left').release();
    await held;
  });

  test('or throws, ends no other: the VFs of both go on [pfs.one-hangs]', async () => {
    const both = await TwoPfs.create();
    both.world.expectBreaches('driver.no-exception');
    both.pf('left').recording.intercept = () => {
      throw new Error('broken');
    };
    expect(await both.vf('g1/0').miniport.read(0, 24)).toBe(NDIS_STATUS_FAILURE);
    expect(await both.read(both.vf('g1/1'), 0)).toBe(true);
    both.pf('left').release();
    expect(await both.read(both.vf('g1/0'), 0)).toBe(true);
  });

  test('is halted after its limit, and the other at once, when the host stops', async () => {
    const both = await TwoPfs.create();
    both.world.expectBreaches('oid.completed-in-time');
    both.pf('left').hold();
    void both.read(both.vf('g1/0'), 0);
    await both.world.settled();
    const stopped = both.world.os.stop();
    await both.world.settled();
    expect(NAMES.map((name) => both.pf(name).recording.halts)).toEqual([0, 1]);
    await both.world.clock.advance(30_000);
    await stopped;
    expect(NAMES.map((name) => both.pf(name).recording.halts)).toEqual([1, 1]);
  });
});
