import { describe, expect, test } from 'vitest';
import { checkRun } from '../check/check-run.ts';
import { delay } from '../faults/fault.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { verifyRepeatable } from '../scenario/verify-repeatable.ts';
import { firstDifference } from './first-difference.ts';
import { mermaid } from './mermaid.ts';
import { parseTraceFile, traceFileText } from './trace-file.ts';

const scenario = defineScenario({
  name: 'attach and detach',
  pf: 'reference',
  vf: 'reference',
  async run(world) {
    await world.attachGuest('g1');
    await world.stopGuest('g1');
  },
});

const options = {
  seed: 3,
  latency: '2ms',
  faults: [{ when: { hop: 'guestPacketSent', name: 'READ_BLOCK', nth: 1 }, do: delay('9ms') }],
} as const;

describe('a trace file', () => {
  test('that is none is refused with the number of its line', async () => {
    const text = traceFileText('x', {}, await runScenario(scenario));
    expect(() => parseTraceFile('')).toThrow('line 1: expected the header of a trace');
    expect(() => parseTraceFile('{"event":{}}')).toThrow(/^line 1: /);
    expect(() => parseTraceFile(`${text}garbage\n`)).toThrow(/^line \d+: /);
    expect(() => parseTraceFile(text.replace('"format":1', '"format":2'))).toThrow(/^line 1: /);
    expect(() => parseTraceFile(`${text}${text.split('\n')[0]}\n`)).toThrow('a second header');
  });

  test('has everything that the run had', async () => {
    const run = await runScenario(scenario, options);
    const file = parseTraceFile(traceFileText(scenario.name, options, run, 'a.scenario.ts'));
    expect(file.header).toMatchObject({
      scenario: 'attach and detach',
      file: 'a.scenario.ts',
      options,
      hash: run.hash,
      leftovers: [],
    });
    expect(file.faults).toEqual(run.faults);
    expect(firstDifference(file.events, run.events)).toBeUndefined();
  });
});

describe('a run in which the scenario itself kills a guest', () => {
  test('blames no driver for what the guest did not finish, also not from its file', async () => {
    const kills = defineScenario({
      ...scenario,
      async run(world) {
        world.startGuest('g1');
        await world.until({ hop: 'guestPacketSent', name: 'READ_BLOCK', device: 'g1/0' });
        world.killGuest('g1');
      },
    });
    const run = await runScenario(kills, { seed: 1, latency: '5ms' });
    expect(run.dead).toEqual({ host: false, guests: ['g1'] });
    expect(run.verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
    const { header, events, faults } = parseTraceFile(traceFileText(scenario.name, {}, run));
    expect(header.dead).toEqual(run.dead);
    expect(checkRun({ events, faults, dead: header.dead }).every(({ holds }) => holds)).toBe(true);
    // The read is there, and would be a breach if the guest lived.
    const living = checkRun({ events, faults });
    expect(living.find(({ id }) => id === 'I1')?.holds).toBe(false);
  });
});

describe('two traces', () => {
  test('part at the first event that differs, or where one of them ends', async () => {
    const { events } = await runScenario(scenario);
    const changed = events.map((event) => (event.seq === 5 ? { ...event, name: 'X' } : event));
    expect(firstDifference(events, changed)).toMatchObject({ index: 4, right: { name: 'X' } });
    expect(firstDifference(events, events.slice(0, 7))).toMatchObject({
      index: 7,
      right: undefined,
    });
  });

  test('of one scenario under one seed are the same', async () => {
    expect(await verifyRepeatable(scenario, options)).toBeUndefined();
  });

  test('of a scenario that looks at something outside its world are not', async () => {
    let runs = 0;
    const impure = defineScenario({
      ...scenario,
      run: async (world) => {
        await world.attachGuest(`g${++runs}`);
      },
    });
    expect(await verifyRepeatable(impure)).toMatchObject({
      left: { device: 'g1/0' },
      right: { device: 'g2/0' },
    });
  });
});

describe('a sequence diagram', () => {
  test('has a participant for each actor and one message for each packet', async () => {
    const { events } = await runScenario(scenario);
    const lines = mermaid(events).split('\n');
    expect(lines[0]).toBe('sequenceDiagram');
    expect(lines).toContain('  participant vf_miniport as VF miniport');
    const sent = events.filter(
      ({ hop, name }) => hop === 'guestPacketSent' && name === 'READ_BLOCK',
    );
    expect(lines.filter((line) => line.includes(': READ_BLOCK g1/0'))).toHaveLength(
      2 * sent.length,
    );
    expect(lines).toContain('  vpci->>virtualization_stack: READ_BLOCK g1/0 block 0');
  });
});
