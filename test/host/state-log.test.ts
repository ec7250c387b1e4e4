import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { StateLog } from '#host/state-log.ts';

/** A log as an operator has it by default, and what it wrote. */
function infoLog() {
  const lines: unknown[] = [];
  const write = (line: string) => lines.push(JSON.parse(line));
  return {
    states: new StateLog(pino({ level: 'info', base: null }, { write }), { now: () => 0 }),
    lines,
  };
}

const vf = { vfId: 0, device: 'g1/0', generation: 7, pendingMask: 0n };

describe('the log of the states of VFs', () => {
  test('says once that an instance runs, however often its guest enters D0', () => {
    const { states, lines } = infoLog();
    states.log(vf, 'exposed', {});
    for (let entry = 0; entry < 100; entry++) {
      states.log(vf, 'running', {});
      states.log(vf, 'halted', {});
    }
    expect(lines).toMatchObject([{ msg: 'VF running', device: 'g1/0', generation: 7 }]);
  });

  test('says it of each instance, and that it was freed', () => {
    const { states, lines } = infoLog();
    const other = { ...vf, generation: 8, pendingMask: 5n };
    for (const state of ['running', 'freed'] as const) states.log(vf, state, {});
    states.log(other, 'running', { pf: 'left' });
    expect(lines).toMatchObject([
      { msg: 'VF running', generation: 7 },
      { msg: 'VF freed', generation: 7 },
      { msg: 'VF running', generation: 8, pf: 'left', pendingMask: '0x0000000000000005' },
    ]);
  });

  test('is not filled by instances that come and go', () => {
    const { states, lines } = infoLog();
    for (let generation = 1; generation <= 1_000; generation++) {
      for (const state of ['running', 'freed'] as const)
        states.log({ ...vf, generation }, state, {});
    }
    expect(lines).toHaveLength(2 * 8);
    expect(lines.at(-1)).toMatchObject({ msg: 'VF freed', generation: 1_000, count: 1_000 });
  });
});
