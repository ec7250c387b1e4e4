import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const CLI = fileURLToPath(new URL('../../cli', import.meta.url));
/** What runs before the first dependency is asked for. */
const FIRST_LINES = ['backchannel.mjs', 'load-typescript.mjs'];

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'backchannel-bare-')));
  mkdirSync(join(folder, 'cli'));
  for (const name of FIRST_LINES) copyFileSync(join(CLI, name), join(folder, 'cli', name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command without its dependencies', () => {
  test('says in one sentence what to do, and ends with 1', { timeout: 30_000 }, () => {
    const args = [join(folder, 'cli', 'backchannel.mjs'), 'host'];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const where = `run npm install in ${folder}${sep} first`;
    expect(stderr).toBe(`backchannel: the dependencies are missing; ${where}\n`);
    expect(status).toBe(1);
  });
});
