import { setInterval as intervals } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { ContractError, pfMiniportContract, vfMiniportContract } from '#test/testing.ts';

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;
const RULE = 'it leaves no timer of Node running';

/** What a driver starts at its start, and ends at its halt if it does. */
type Work = () => () => void;

const pfWith = (work: Work) =>
  pfMiniportContract((adapter) => {
    let end = (): void => {};
    return configBlockPf(adapter, {
      initialize: () => {
        end = work();
        return NDIS_STATUS_SUCCESS;
      },
      halt: () => end(),
      readBlock: () => new Uint8Array(1),
      writeBlock: () => NDIS_STATUS_SUCCESS,
    });
  });

const vfWith = (work: Work) =>
  vfMiniportContract(() => {
    let end = (): void => {};
    return configBlockVf({
      initialize: async () => {
        await undefined;
        end = work();
        return NDIS_STATUS_SUCCESS;
      },
      invalidated: () => {},
      halt: () => end(),
    });
  });

async function brokenRules(contract: Promise<unknown>): Promise<readonly string[]> {
  const error = await contract.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof ContractError ? error.report.broken.map(({ rule }) => rule) : [];
}

const SUITES = [
  ['PF', pfWith],
  ['VF', vfWith],
] as const;

/** Unreferenced, so that it keeps nothing of the tests. */
const LEFT: readonly (readonly [string, () => void])[] = [
  ['setInterval', () => void setInterval(() => {}, 1_000).unref()],
  ['setTimeout', () => void setTimeout(() => {}, 60_000).unref()],
  ['an iterator of node:timers', () => void intervals(60_000, 0, { ref: false }).next()],
];

describe.each(SUITES)('a %s miniport', (_side, contractWith) => {
  test.each(LEFT)('that leaves %s running breaks its contract', async (_what, start) => {
    const work: Work = () => {
      start();
      return () => {};
    };
    expect(await brokenRules(contractWith(work))).toEqual([RULE]);
  });

  test('that clears its timers, or has them run out, keeps it', async () => {
    const work: Work = () => {
      setTimeout(() => {}, 0);
      const timer = setInterval(() => {}, 1_000);
      return () => clearInterval(timer);
    };
    const others = setInterval(() => {}, 1_000);
    expect(await brokenRules(contractWith(work))).toEqual([]);
    clearInterval(others);
  });
});
