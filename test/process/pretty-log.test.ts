import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const LOGS = `
  import { createLog } from '#shared/log.ts';
  const log = createLog({ logLevel: 'info', logFormat: 'pretty', process: 'g1' });
  log.error({ status: 5 }, 'the channel is lost: \\u001b[2Jgone\\nhost: all is \\u202ewell');
`;

test('a message that repeats what a peer said is one line for people, and moves no cursor', async () => {
  const run = ['--import', 'tsx', '--input-type=module', '--eval', LOGS];
  const { stdout } = await promisify(execFile)(process.execPath, run);
  expect(stdout.trimEnd().split('] ')[1]).toBe(
    'ERROR: g1: the channel is lost: ?[2Jgone?host: all is ?well {"status":5}',
  );
});
