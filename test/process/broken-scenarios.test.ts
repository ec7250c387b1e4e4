import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.end());

function scenario(name: string): string {
  const path = `../cli/testing/scenarios/${name}.scenario.ts`;
  return fileURLToPath(new URL(path, import.meta.url));
}

describe('check', () => {
  test('of a scenario that forgets an await ends with 2, and says what was thrown unheard', async () => {
    const run = await lab.run(['check', scenario('forgotten-await')]);
    expect(run.stdout).toMatch(
      /^The scenario is broken: .*a promise that nobody awaits was rejected: nobody hears this/m,
    );
    expect([run.ending, run.stdout.includes('\nbroken: ')]).toEqual([2, true]);
  });
});
