import { beforeEach, describe, expect, test } from 'vitest';
import { composeProject } from './compose-project.ts';
import { docker, words } from './engine.ts';
import { type Ends, endsDuring } from './engine-events.ts';

const project = composeProject('shutdown');

/** How long `docker compose down` may take to stop everything. */
const LIMIT_SECONDS = 5;

function summary({ seconds, commandSeconds }: Ends): string {
  return `stopped in ${seconds.toFixed(2)} s, the command took ${commandSeconds.toFixed(2)} s`;
}

function expectCleanEnd({ exitCodes, seconds }: Ends): void {
  const failed = Object.entries(exitCodes).filter(([, code]) => code !== 0);
  expect(failed).toEqual([]);
  expect(seconds).toBeLessThan(LIMIT_SECONDS);
}

describe('docker compose down', () => {
  beforeEach(async () => {
    await project.up('--scale', 'guest=4');
    await project.reach('guest', 4, 'healthy');
    await project.runningVfs(4);
  });

  test('stops five running containers, each with exit code 0', async ({ annotate }) => {
    const ends = await endsDuring(project.name, 5, () => project.compose('down'));
    await annotate(summary(ends));
    expectCleanEnd(ends);
    expect(ends.commandSeconds).toBeLessThan(LIMIT_SECONDS);
    const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${project.name}`];
    expect(words(await docker('ps', '--all', ...filter))).toEqual([]);
    expect(words(await docker('network', 'ls', ...filter))).toEqual([]);
  });

  test('stops guests whose host has gone before them', async ({ annotate }) => {
    const host = await endsDuring(project.name, 1, () => project.compose('stop', 'host'));
    expectCleanEnd(host);
    const guests = await endsDuring(project.name, 4, () => project.compose('down'));
    await annotate(`host: ${summary(host)}; guests: ${summary(guests)}`);
    expectCleanEnd(guests);
  });

  test('stops a host whose guest does not move any more', async ({ annotate }) => {
    const frozen = await project.first('guest');
    await docker('pause', frozen.Id);
    const ends = await endsDuring(project.name, 1, () => project.compose('stop', 'host'));
    await annotate(summary(ends));
    expectCleanEnd(ends);
    await docker('unpause', frozen.Id);
  });
});
