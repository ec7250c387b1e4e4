import { describe, expect, test } from 'vitest';
import { LIFECYCLES, SIDES } from '#cli/states/lifecycles.ts';
import { mermaidOf } from '#cli/states/mermaid.ts';
import { statesText } from '#cli/text/states-text.ts';
import { runCommand } from './command-run.ts';

describe('backchannel states', () => {
  test.each([
    [['states', 'both'], 'Allowed choices are host, guest'],
    [['states', '--mermaid'], '--mermaid draws one side; expected one of: host, guest'],
    [['states', 'host', '--mermaid', '--json'], "'--mermaid' cannot be used with option '--json'"],
  ])('%j is used wrongly', async (args, message) => {
    const { code, stdout, message: said } = await runCommand(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(said).toContain(message);
  });

  test('prints both sides, 80 columns wide where there is no terminal', async () => {
    const { code, stdout } = await runCommand(['states']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${statesText(LIFECYCLES.host, 80)}\n\n${statesText(LIFECYCLES.guest, 80)}`,
    );
  });

  test('prints the side that is asked for, as wide as the terminal', async () => {
    const { stdout } = await runCommand(['states', 'guest'], {}, 120);
    expect(stdout).toBe(statesText(LIFECYCLES.guest, 120));
  });

  test.each(SIDES)('prints the table of the %s as JSON, and as a diagram', async (side) => {
    const { table } = LIFECYCLES[side];
    const json = await runCommand(['states', side, '--json']);
    expect(JSON.parse(json.stdout)).toEqual({ [side]: table });
    const diagram = await runCommand(['states', side, '--mermaid']);
    expect(diagram.stdout).toBe(mermaidOf(table));
  });

  test('prints both sides as one JSON object', async () => {
    const { stdout } = await runCommand(['states', '--json']);
    expect(Object.keys(JSON.parse(stdout))).toEqual(SIDES);
  });
});
