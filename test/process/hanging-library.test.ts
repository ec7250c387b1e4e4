import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 30_000 });

/** A program that embeds both operating systems, and stops them while their miniports hang. */
const PROGRAM = `
  import { createGuestOs, createLinkedPair, configBlockVf } from 'sriov-backchannel/guest';
  import { configBlockPf, createManagementOs } from 'sriov-backchannel/host';

  const forever = () => new Promise(() => {});
  const tick = ({ clock }) => clock.setTimer(50, () => tick({ clock }));
  const pfMiniport = (adapter) => {
    tick(adapter);
    const pf = configBlockPf(adapter, { readBlock: () => 1, writeBlock: () => 1 });
    return { ...pf, miniportHaltEx: forever };
  };
  const vfMiniport = (adapter) => {
    tick(adapter);
    return configBlockVf({ invalidated: forever, halt: forever });
  };
  const os = createManagementOs({ pfMiniport, oidTimeout: 0, stopTimeoutMs: 400 });
  console.log(await os.start());
  const guest = createGuestOs({
    vfMiniport,
    oidTimeout: 0,
    stopTimeoutMs: 600,
    dial: async (index) => {
      const [guestEnd, hostEnd] = createLinkedPair();
      void os.attach(hostEnd, { vmName: 'g1', index });
      return { transport: guestEnd };
    },
  });
  void guest.run();
  console.log(await guest.running());
  const [end] = await guest.stop();
  console.log(end.reason.split('; ')[1]);
  console.log(await os.stop());
`;

test('a program whose miniports hang is told of it when it stops, and ends by itself', async () => {
  const run = ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, run, { timeout: 20_000 });
  expect(stdout.split('\n')).toEqual([
    'undefined',
    'true',
    'the driver of the VF is left behind: MiniportHaltEx has not returned (goingAway)',
    "[ 'PF pf0 is left behind: MiniportHaltEx has not returned' ]",
    '',
  ]);
});
