import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const COMMAND = fileURLToPath(new URL('../../cli/backchannel.mjs', import.meta.url));

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

describe.each(['sweep', 'explore'])(
  '%s of a driver that never lets go of the thread',
  (command) => {
    test.each(['SIGINT', 'SIGTERM'] as const)('obeys %s', async (signal) => {
      const run = lab.start([command, scenario('endless')]);
      await run.until('the loop', () => run.stderr.includes('it begins') || undefined);
      run.signal(signal);
      const { ending, stdout } = await lab.finished(run);
      expect([ending, /stopped after 0 of \d+ (runs|schedules)/.test(stdout)]).toEqual([2, true]);
    });

    test('ends with the process that started it', async () => {
      const words = [process.execPath, COMMAND, command, scenario('endless')];
      const code = `const c = require('node:child_process').spawn(...${JSON.stringify([words[0], words.slice(1)])}, { stdio: ['ignore', 1, 2] });
      console.log(c.pid);`;
      const parent = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      let printed = '';
      parent.stdout.on('data', (text: Buffer) => {
        printed += text.toString();
      });
      parent.stderr.on('data', (text: Buffer) => {
        said += text.toString();
      });
      const gone = new Promise<void>((resolve) => parent.once('close', () => resolve()));
      await vi.waitUntil(() => said.includes('it begins'), { timeout: 30_000 });
      parent.kill('SIGKILL');
      // Its pipes close when the last process that has them is gone.
      await gone;
      expect(printed).toMatch(/stopped after 0 of \d+ (runs|schedules)/);
    });
  },
);
