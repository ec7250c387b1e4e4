import { describe, expect, test, vi } from 'vitest';
import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import * as time from '#shared/time/clock.ts';
import { versionedPf, versionOf } from '#test/museum/drivers/versioned-pf.ts';
import { backgroundReader } from '#test/museum/exhibits/s10-invalidated-while-reading/background-reader.ts';
import { delay } from '../faults/fault.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { type SweptRun, sweep } from '../search/sweep.ts';

// Hundreds of runs, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

async function violated(vf: ReturnType<typeof backgroundReader>): Promise<readonly SweptRun[]> {
  const { baseline, runs } = await sweep(
    defineScenario({
      name: 'two changes',
      pf: versionedPf(),
      vf,
      pfConfiguration: new Map([
        ['ChangesAtMs', '20,28'],
        ['ReadTakesMs', '5'],
      ]),
      versionOf,
      async run(world) {
        await world.attachGuest('g1');
        await world.advance('50ms');
      },
    }),
  );
  expect(baseline.outcome).toBe('holds');
  return runs.filter(({ outcome }) => outcome === 'violated');
}

describe('I5, in each way that a run with versions can be broken', () => {
  test('blames no driver that lost its channel, whose read failed, or whose mask is on its way', async () => {
    expect(await violated(backgroundReader(true))).toEqual([]);
  });

  test('blames the one that was told while it read, and forgot it', async () => {
    const runs = await violated(backgroundReader(false));
    expect(runs.length).toBeGreaterThan(5);
    expect(new Set(runs.map(({ way }) => way))).toEqual(new Set(['late', 'very late']));
    expect(
      runs.flatMap(({ why }) => why).filter((why) => !why.endsWith('did not act on it')),
    ).toEqual([]);
  });
});

/** A PF whose block 1 changes at these times, and which takes its content when a read of 5 ms ends. */
function lateContentPf(...times: readonly number[]) {
  return definePfMiniport((adapter) => {
    let version = 1;
    let timers: readonly time.Timer[] = [];
    const content = (length: number): Buffer => {
      const data = Buffer.alloc(length);
      data.writeUInt32LE(version);
      return data;
    };
    const change = (): void => {
      version++;
      adapter.ndisMInvalidateConfigBlock(0, 2n);
    };
    return configBlockPf(adapter, {
      initialize() {
        timers = times.map((at) => adapter.clock.setTimer(at, change));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      halt() {
        for (const timer of timers) timer.cancel();
      },
      readBlock: (_vfId, _blockId, length) =>
        time.delay(adapter.clock, 5).then(() => content(length)),
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
    });
  });
}

describe('I5, of a VF that was told while it read', () => {
  const scenario = defineScenario({
    name: 'changes at 20, 22 and 60 ms',
    pf: lateContentPf(20, 22, 60),
    vf: backgroundReader(false),
    versionOf,
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('80ms');
    },
  });

  test('does not blame it for a later change that it was not told of', async () => {
    const name = 'IOCTL_VPCI_INVALIDATE_BLOCK';
    const { verdicts, versions, unfired } = await runScenario(scenario, {
      faults: [{ when: { hop: 'ioCallDriver', name, nth: 3 }, do: delay('10s') }],
    });
    expect(unfired).toEqual([]);
    // The newest that it read, and what the PF has in the end.
    expect([...(versions?.bySeq.values() ?? [])].slice(-2)).toEqual([3n, 4n]);
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
  });

  test('blames it for what it was told of, and says that it read meanwhile', async () => {
    const early = { ...scenario, pf: versionedPf(), vf: backgroundReader(false) };
    const { verdicts } = await runScenario({
      ...early,
      pfConfiguration: new Map([
        ['ChangesAtMs', '20,22'],
        ['ReadTakesMs', '5'],
      ]),
    });
    expect(verdicts.find(({ id }) => id === 'I5')).toMatchObject({
      holds: false,
      why: [
        expect.stringMatching(
          /kept version 2 of block 1, read at event (\d+); the PF has version 3, and it was told at event \d+, while the read of event \1 was under way until event \d+, and did not act on it$/,
        ),
      ],
    });
  });
});

describe('I5', () => {
  test('cannot tell where versionOf throws, and names the block and the event', async () => {
    const thrown = (): number => {
      throw new RangeError('out of range');
    };
    const { verdicts } = await runScenario(
      defineScenario({
        name: 'x',
        pf: versionedPf(),
        vf: backgroundReader(true),
        versionOf: thrown,
        run: (world) => world.attachGuest('g1'),
      }),
    );
    expect(verdicts.find(({ id }) => id === 'I5')).toMatchObject({
      holds: 'unknown',
      why: [expect.stringMatching(/^versionOf failed for block 1 at event \d+: out of range$/)],
    });
  });
});
