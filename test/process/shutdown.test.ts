import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { systemClock } from '#shared/time/system.ts';
import { HANGING, HANGING_VF, hangingIn, LINGERING } from './support/broken-drivers.ts';
import type { CommandProcess } from './support/command-process.ts';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

/** How long a container engine waits before it ends a container by force, as docker-compose.yml says. */
const LIMIT_MS = 5_000;

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.end());

/** Holds a process to an end in good order, within the limit from its signal on. */
async function expectEnd(signalled: CommandProcess, signal: NodeJS.Signals): Promise<void> {
  const from = systemClock.now();
  signalled.signal(signal);
  expect(await signalled.ending()).toBe(EXIT.ok);
  expect(systemClock.now() - from).toBeLessThan(LIMIT_MS);
}

describe.concurrent('a miniport that', () => {
  test('never returns from MiniportInitializeEx keeps no host from ending, with 1', async () => {
    const file = await lab.write('hanging.ts', HANGING);
    const ports = ['--port', '0', '--control-port', '0'];
    const host = lab.start(['host', ...ports, '--pf-miniport', file]);
    await host.printed(/^hanging$/m);
    host.signal('SIGINT');
    expect(await host.ending()).toBe(EXIT.failed);
    expect(host.log.map(({ msg }) => msg)).toEqual([
      'shutting down',
      expect.stringMatching(/^still not down after \d+ ms; ending all the same$/),
    ]);
  });

  test.each([
    ['never returns from MiniportHaltEx', 'halt', 'MiniportHaltEx has not returned'],
    ['never returns at all', 'oid', undefined],
  ])('%s keeps no host from ending, which says so', async (_how, where, hangs) => {
    const file = await lab.write(`hangs-in-${where}.ts`, hangingIn(where));
    const host = await lab.startHost(['--pf-miniport', file, '--oid-timeout', '0']);
    const from = systemClock.now();
    host.signal('SIGTERM');
    expect(await host.ending()).toBe(hangs === undefined ? EXIT.ok : EXIT.failed);
    expect(systemClock.now() - from).toBeLessThan(LIMIT_MS);
    expect(host.stderr).toBe(
      hangs === undefined ? '' : `backchannel: PF pf0 is left behind: ${hangs}\n`,
    );
    expect(host.log.map(({ msg }) => msg)).not.toContainEqual(
      expect.stringContaining('still not down'),
    );
  });

  test('never returns from the halt of a VF keeps no guest from ending, which says so', async () => {
    const file = await lab.write('hangs-in-vf.ts', HANGING_VF);
    const host = await lab.startHost();
    const guest = await lab.attachGuest(host, 'h0', ['--vf-miniport', file]);
    const from = systemClock.now();
    guest.signal('SIGTERM');
    expect(await guest.ending()).toBe(EXIT.failed);
    expect(systemClock.now() - from).toBeLessThan(LIMIT_MS);
    const left = 'the driver of the VF is left behind: MiniportHaltEx has not returned';
    expect(guest.stderr).toBe(`backchannel: ${left}\n`);
  });

  test('leaves a timer of its own behind keeps no guest from ending, with 0', async () => {
    const file = await lab.write('lingering.ts', LINGERING);
    const host = await lab.startHost();
    const guest = await lab.attachGuest(host, 'g0', ['--vf-miniport', file]);
    await expectEnd(guest, 'SIGINT');
  });
});

describe.concurrent('both sides end with 0 within the time that containers have, when', () => {
  test('the guest ends first, which gives its VF back in good order', async () => {
    const host = await lab.startHost();
    const guest = await lab.attachGuest(host, 'g1');
    await expectEnd(guest, 'SIGTERM');
    await host.logged('the VF is gone in good order', { device: 'g1/0', code: 'normal' });
    await host.logged('VF freed', { device: 'g1/0' });
    await expectEnd(host, 'SIGTERM');
    expect([guest.stderr, host.stderr]).toEqual(['', '']);
  });

  test('the host ends first, which takes the VF in good order', async () => {
    const host = await lab.startHost();
    const guest = await lab.attachGuest(host, 'g2');
    await expectEnd(host, 'SIGINT');
    expect(
      host.log.find(({ msg, device }) => msg === 'VF freed' && device === 'g2/0'),
    ).toBeDefined();
    const lost = await guest.until('a try', () => guest.log.find(({ pauseMs }) => pauseMs));
    expect(lost.msg).toContain(
      'the channel is lost: this side shuts down (goingAway); next try in ',
    );
    await expectEnd(guest, 'SIGINT');
    expect([guest.stderr, host.stderr]).toEqual(['', '']);
  });

  test('both end at the same time', async () => {
    const host = await lab.startHost();
    const guest = await lab.attachGuest(host, 'g3', [], 3);
    await Promise.all([expectEnd(guest, 'SIGTERM'), expectEnd(host, 'SIGTERM')]);
    expect([guest.stderr, host.stderr]).toEqual(['', '']);
  });
});
