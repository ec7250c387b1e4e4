import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { Lab } from './support/lab.ts';
import { untilGone } from './support/until-gone.ts';

vi.setConfig({ testTimeout: 60_000 });

const SCENARIO = fileURLToPath(
  new URL('../kit/processes/scenarios/looping.scenario.ts', import.meta.url),
);

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.end());

describe('the processes of a scenario', () => {
  test('end with the one that started them, also one whose driver never lets go of the thread', async () => {
    const check = lab.start(['check', SCENARIO, '--world', 'processes']);
    const guest = await check.until(
      'the guest',
      () => /looping in process (\d+)/.exec(check.stderr)?.[1],
    );
    await check.kill();
    await untilGone(Number(guest));
  });
});
