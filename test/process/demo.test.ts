import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 40_000, hookTimeout: 30_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.end());

describe.concurrent('demo', () => {
  test('shows each check, and ends with a line that counts them, within 20 s', async () => {
    const demo = await lab.run(['demo']);
    expect(demo).toMatchObject({ ending: EXIT.ok, stderr: '' });
    const summary = /\ndemo: ok, (\d+) checks, (\d+) messages, (\d+\.\d) s\n$/.exec(demo.stdout);
    const [checks, messages, seconds] = (summary ?? []).slice(1).map(Number);
    expect(demo.stdout.match(/^ {2}ok {2}(?:guest|host ) /gm)).toHaveLength(checks ?? -1);
    expect(checks).toBeGreaterThan(20);
    expect(messages).toBeGreaterThan(20);
    expect(seconds).toBeLessThan(20);
  });

  test('prints only its result with --json, and takes no setting from around it', async () => {
    await lab.write('backchannel.json', '{"host": {"pfMiniport": "nowhere.ts"}}');
    const env = { BACKCHANNEL_NUM_VFS: '1', BACKCHANNEL_VF_MINIPORT: 'null' };
    const demo = await lab.run(['demo', '--json'], env);
    expect(demo).toMatchObject({ ending: EXIT.ok, stderr: '' });
    expect(JSON.parse(demo.stdout)).toEqual({
      ok: true,
      checks: expect.any(Number),
      messages: expect.any(Number),
      seconds: expect.any(Number),
    });
  });
});
