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

describe.concurrent('a host that is killed', () => {
  test('ends a guest that is not to try again with 1, and commands say that it is gone', async () => {
    const state = ['--state-dir', 'other'];
    const host = await lab.startHost(state);
    const guest = await lab.attachGuest(host, 'g1', ['--no-retry', ...state]);
    await host.kill();
    const list = await lab.run(['vf', 'list', ...state]);
    expectFailure(list, EXIT.failed, host.controlUrl);
    expectFailure(await lab.finished(guest), EXIT.failed, 'the channel is lost: ', '(lost)\n');
  });

  test('leaves its guest trying, which another host on its port gets as a new VF', async () => {
    const first = await lab.startHost();
    const guest = await lab.attachGuest(first, 'g1');
    await first.kill();
    const lost = await guest.until('a try', () => guest.log.find(({ pauseMs }) => pauseMs));
    expect(lost).toMatchObject({ level: 40, device: 'g1/0' });
    expect(lost.msg).toMatch(/^the channel is lost: .* \(lost\); next try in \d+ ms$/);

    const mark = guest.log.length;
    const second = await lab.startHost(['--port', new URL(first.channelUrl).port]);
    await guest.logged('configuration applied', { device: 'g1/0' }, mark);
    await guest.logged('VF running', { device: 'g1/0' }, mark);
    const { vfs } = await (await lab.control(second)).listVfs();
    expect(vfs).toMatchObject([{ device: 'g1/0', state: 'running' }]);
  });
});
