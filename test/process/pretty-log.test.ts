import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

/** What `statement` writes to a log of this format, in a process of its own. */
async function logged(format: 'pretty' | 'json', statement: string): Promise<string> {
  const script = `
    import { createLog } from '#shared/log.ts';
    const log = createLog({ logLevel: 'info', logFormat: '${format}', process: 'g1' });
    ${statement}
  `;
  const run = ['--import', 'tsx', '--input-type=module', '--eval', script];
  return (await promisify(execFile)(process.execPath, run)).stdout;
}

/** What a terminal would obey; line ends stand between the lines of a log. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe.concurrent('a log for people', () => {
  test('has a message that repeats what a peer said on one line, and moves no cursor', async () => {
    const message = 'the channel is lost: \\u001b[2Jgone\\nhost: all is \\u202ewell';
    const stdout = await logged('pretty', `log.error({ status: 5 }, '${message}')`);
    expect(stdout.trimEnd().split('] ')[1]).toBe(
      'ERROR: g1: the channel is lost: ?[2Jgone?host: all is ?well {"status":5}',
    );
  });

  test('has fields of a peer that move no cursor', async () => {
    const fields = "{ reason: 'a\\u001b[2Jb\\u009bc', deep: { 'k\\u009b': ['x\\u202ey'] } }";
    const stdout = await logged('pretty', `log.warn(${fields}, 'said')`);
    expect(stdout.trimEnd().split('] ')[1]).toBe(
      'WARN: g1: said {"reason":"a?[2Jb?c","deep":{"k?":["x?y"]}}',
    );
  });

  test('has an error with a message of a peer that moves no cursor, and looks like no line', async () => {
    const error = "new Error('a\\u001b[2Jb\\n[12:00:00.000] INFO: g1: fine')";
    const stdout = await logged('pretty', `log.error({ err: ${error} }, 'failed')`);
    expect(stdout).not.toMatch(OBEYED);
    expect(stdout).toContain('"message": "a?[2Jb?[12:00:00.000] INFO: g1: fine"');
    expect(stdout.match(/^\[/gm)).toHaveLength(1);
  });
});

test('a log for machines says what a peer said, in a form that moves no cursor', async () => {
  const stdout = await logged('json', "log.info({ reason: 'a\\u009bc\\u202e' }, 'said\\u001b')");
  expect(stdout).not.toMatch(OBEYED);
  expect(JSON.parse(stdout)).toMatchObject({ reason: 'a\u009bc\u202e', msg: 'said\u001b' });
});
