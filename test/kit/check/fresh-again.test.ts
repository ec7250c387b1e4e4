import { describe, expect, test } from 'vitest';
import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { replyWith } from '../faults/fault.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { freshAgain } from './fresh-again.ts';

/** A VF that reads block 1 when it is told of it, and `tries` so often. */
function reader(tries: number) {
  return defineVfMiniport((adapter) => {
    async function read(): Promise<void> {
      for (let left = tries; left > 0; left--) {
        const status = await adapter.ndisMReadConfigBlock(1, new Uint8Array(8), 8);
        if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) return;
      }
    }
    return configBlockVf({ invalidated: () => void read() });
  });
}

function run(tries: number, stops: boolean) {
  const scenario = defineScenario({
    name: 'a read that fails',
    pf: 'reference',
    vf: reader(tries),
    checkers: [freshAgain],
    async run(world) {
      await world.attachGuest('g1');
      await world.invalidate(0, 2n);
      if (stops) await world.stopGuest('g1');
    },
  });
  const name = 'OID_SRIOV_READ_VF_CONFIG_BLOCK';
  const refused = replyWith({ status: NDIS_STATUS.NDIS_STATUS_RESOURCES });
  return runScenario(scenario, {
    faults: [{ when: { hop: 'pfMiniportOidRequest', name, nth: 1 }, do: refused }],
  });
}

describe('fresh-again, a rule that a scenario asks for', () => {
  test('finds a VF that swallows a failed read, which I1 to I10 do not', async () => {
    const { verdicts, unfired } = await run(1, false);
    expect(unfired).toEqual([]);
    expect(verdicts.filter(({ holds }) => holds !== true)).toMatchObject([
      {
        id: 'fresh-again',
        holds: false,
        why: [
          expect.stringMatching(
            /^VF 0 \(g1\/0\) never read block 1 again after NdisMReadConfigBlock of block 1 \w+ \(event \d+/,
          ),
        ],
      },
    ]);
  });

  test('holds for a VF that tries again, and for one that has ended', async () => {
    for (const { verdicts, unfired } of [await run(2, false), await run(1, true)]) {
      expect(unfired).toEqual([]);
      expect(verdicts.at(-1)).toMatchObject({ id: 'fresh-again', holds: true });
    }
  });
});
