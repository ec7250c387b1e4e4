import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { expectFailure } from './support/expect-failure.ts';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.end());

describe('a host that is killed', () => {
  test('leaves its guest trying, and another on its port gets it back as a new VF', async () => {
    const first = await lab.startHost();
    const guest = await lab.attachGuest(first, 'g1');
    await first.kill();
    const lost = await guest.until('a try', () => guest.log.find(({ pauseMs }) => pauseMs));
    expect(lost).toMatchObject({ level: 40, device: 'g1/0' });
    expect(lost.msg).toMatch(/^the channel is lost: .* \(lost\); next try in \d+ ms$/);

    const orphaned = await lab.run(['vf', 'list', '--state-dir', 'state']);
    expectFailure(orphaned, EXIT.failed, first.controlUrl);

    const mark = guest.log.length;
    const second = await lab.startHost(['--port', new URL(first.channelUrl).port]);
    await guest.logged('configuration applied', { device: 'g1/0' }, mark);
    await guest.logged('VF running', { device: 'g1/0' }, mark);
    const { vfs } = await (await lab.control(second)).listVfs();
    expect(vfs).toMatchObject([{ device: 'g1/0', state: 'running' }]);
    expect(guest.isRunning).toBe(true);
  });

  test('ends a guest that is not to try again with 1 and a sentence', async () => {
    const host = await lab.startHost(['--state-dir', 'other']);
    const guest = await lab.attachGuest(host, 'g1', ['--no-retry', '--state-dir', 'other']);
    await host.kill();
    expectFailure(await lab.finished(guest), EXIT.failed, 'the channel is lost: ');
  });
});
