import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ControlClient } from '#cli/control/control-client.ts';
import { maskOfBlocks } from '#shared/vpci/config-block.ts';
import { FAULT } from './drivers/faults.ts';
import type { CommandProcess } from './support/command-process.ts';
import { Lab, type ListeningHost } from './support/lab.ts';
import { takePulse } from './support/pulse.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
let host: ListeningHost;
let guest: CommandProcess;
let control: ControlClient;
let atFirst: readonly string[];
beforeAll(async () => {
  lab = await Lab.create();
  await lab.copyDrivers();
  host = await lab.startHost(['--pf-miniport', 'faulty-pf.ts', '--oid-timeout', '1']);
  const flags = ['--vf-miniport', 'faulty-vf.ts', '--oid-timeout', '1'];
  guest = await lab.attachGuest(host, 'g1', flags, 2);
  control = await lab.control(host);
  atFirst = await instances();
});
afterAll(() => lab.end());

async function instances(): Promise<readonly string[]> {
  const { vfs } = await control.listVfs();
  return vfs.map(({ vfId, device, generation }) => `VF ${vfId}: ${device}, ${generation}`);
}

async function vfIdOf(device: string): Promise<number> {
  const { vfs } = await control.listVfs();
  return vfs.find((vf) => vf.device === device)?.vfId ?? -1;
}

describe('a PF miniport', () => {
  test.each<[string, number, string, string]>([
    [
      'that throws in an OID handler fails that request',
      FAULT.throws,
      'NDIS_STATUS_FAILURE',
      `the miniport threw: fault ${FAULT.throws}`,
    ],
    [
      'that throws in a timer is reported',
      FAULT.throwsInTimer,
      'NDIS_STATUS_INVALID_PARAMETER',
      `a timer of the PF miniport threw: fault ${FAULT.throwsInTimer}`,
    ],
    [
      'that throws where nothing of NDIS is on the stack is reported',
      FAULT.throwsLater,
      'NDIS_STATUS_INVALID_PARAMETER',
      `an error that nobody caught, most likely in a miniport: fault ${FAULT.throwsLater}`,
    ],
    [
      'with a promise that nobody waits for is reported',
      FAULT.rejectsLater,
      'NDIS_STATUS_INVALID_PARAMETER',
      `an error that nobody caught, most likely in a miniport: fault ${FAULT.rejectsLater}`,
    ],
    [
      'that never completes a request has it aborted',
      FAULT.neverCompletes,
      'NDIS_STATUS_REQUEST_ABORTED',
      'the miniport did not complete the request in time; 0 more were waiting behind it',
    ],
  ])('%s, and every VF goes on', async (_what, block, statusName, report) => {
    const answer = await control.readBlock(await vfIdOf('g1/0'), block, 128);
    expect(answer.statusName).toBe(statusName);
    const line = await host.logged(report);
    expect(line).toMatchObject({ level: 50 });
    if (block !== FAULT.neverCompletes) expect(line['stack']).toMatch(/^Error: fault \d+\n/);
    await takePulse(control, guest, 'g1/0');
    await takePulse(control, guest, 'g1/1');
  });
});

test('what a PF miniport throws for each message of a guest does not fill the log', async () => {
  const vfId = await vfIdOf('g1/0');
  const message = `an error that nobody caught, most likely in a miniport: fault ${FAULT.throwsLater}`;
  for (let time = 0; time < 40; time++) await control.readBlock(vfId, FAULT.throwsLater, 128);
  await host.logged(message, { count: 10 });
  await takePulse(control, guest, 'g1/0');
  expect(host.log.filter(({ msg }) => msg === message).length).toBeLessThan(10);
});

describe('a VF miniport', () => {
  test.each<[string, number, string]>([
    ['that throws in an OID handler', FAULT.throws, `the miniport threw: fault ${FAULT.throws}`],
    [
      'that throws in a timer',
      FAULT.throwsInTimer,
      `a timer of the VF miniport threw: fault ${FAULT.throwsInTimer}`,
    ],
    [
      'that throws where nothing of NDIS is on the stack',
      FAULT.throwsLater,
      `an error that nobody caught, most likely in a miniport: fault ${FAULT.throwsLater}`,
    ],
    [
      'with a promise that nobody waits for',
      FAULT.rejectsLater,
      `an error that nobody caught, most likely in a miniport: fault ${FAULT.rejectsLater}`,
    ],
    [
      'that never completes a request',
      FAULT.neverCompletes,
      'the miniport did not complete the request in time; 0 more were waiting behind it',
    ],
  ])('%s is reported, and every VF goes on', async (_what, block, report) => {
    await control.invalidate(await vfIdOf('g1/0'), maskOfBlocks([block]));
    await takePulse(control, guest, 'g1/1');
    const line = await guest.logged(report);
    expect(line).toMatchObject({ level: 50 });
    if (block !== FAULT.neverCompletes) expect(line['stack']).toMatch(/^Error: fault \d+\n/);
    await takePulse(control, guest, 'g1/0');
  });

  test('serves the same VF instances after all of this', async () => {
    expect(await instances()).toEqual(atFirst);
    expect(guest.log.filter(({ msg }) => msg === 'VF running')).toHaveLength(2);
  });
});
