import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '#cli/testing/scenario-file.ts';
import { testFileText } from '#cli/testing/test-file.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { replyWith } from '#test/kit/faults/fault.ts';
import { scenarioFile } from './files.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

describe('a test that is written', () => {
  test('imports the scenario from where it lies, seen from the test', async () => {
    const loaded = await loadScenario(scenarioFile('healthy'), {}, {});
    const text = testFileText('a "title"', loaded, FOLDER, { seed: 3 });
    expect(text).toContain('import scenario from "./scenarios/healthy.scenario.ts";');
    expect(text).toContain('test("a \\"title\\"", async () => {');
    expect(text).toContain('seed: 3');
    expect(text).toContain('assertHolds(await runScenario(scenario, options));');
  });

  test('has each status as documents have it, by the family of its hop', async () => {
    const loaded = await loadScenario(scenarioFile('healthy'), {}, {});
    const refused = (hop: HopName) => ({
      when: { hop, nth: 1 },
      do: replyWith({ status: 0xc000_009a }),
    });
    const faults = [refused('ioCallDriver'), refused('pfMiniportOidRequest')];
    const text = testFileText('x', loaded, FOLDER, { latency: '5ms', faults });
    expect(text.match(/"status": .*/g)).toEqual([
      '"status": 0xC000009A // STATUS_INSUFFICIENT_RESOURCES',
      '"status": 0xC000009A // NDIS_STATUS_RESOURCES',
    ]);
    expect(text).toContain(`  const options = {
    latency: "5ms",
    faults: [
      {
        "when": {
          "hop": "ioCallDriver",`);
  });

  test('runs the drivers that were given: a file, seen from the test, or one by its name', async () => {
    const file = fileURLToPath(new URL('../../../guest/vf-miniport/null.ts', import.meta.url));
    const flags = { pfMiniport: 'null', vfMiniport: file };
    const loaded = await loadScenario(scenarioFile('healthy'), flags, {});
    expect(testFileText('x', loaded, FOLDER, {})).toContain(
      'runScenario({ ...scenario, pf: "null", vf: new URL("../../../guest/vf-miniport/null.ts", import.meta.url) }, options)',
    );
  });
});
