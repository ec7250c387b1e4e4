import { GuestOs } from '#guest/guest-os.ts';
import type { LowerDevice } from '#guest/io/device-object.ts';
import { type DialResult, webSocketDial } from '#guest/vmbus/dial.ts';
import { FaultyDevice } from '../faults/faulty-device.ts';
import { faultyVfDriver } from '../faults/faulty-driver.ts';
import { livesOn } from '../world/guest-bus.ts';
import { loadBus, loadVf } from './load-driver.ts';
import type { GuestOrder } from './orders.ts';
import type { StartedSide } from './side.ts';
import { newSideParts, type SideParts } from './side-parts.ts';

/** A guest OS of production that dials a host of its world, with the faults of that world in it. */
export async function startGuestSide(order: GuestOrder): Promise<StartedSide> {
  const parts = newSideParts(order);
  const { clock, faults } = parts;
  const { profile, vfs, retry } = order;
  const driver = {
    profile,
    vfMiniport: faultyVfDriver(await loadVf(order.vf, profile), faults, clock),
    readPadding: 'zero' as const,
    interpose: (device: LowerDevice) => new FaultyDevice(device, faults, clock),
  };
  const os = new GuestOs({
    ...parts,
    ...driver,
    newLife: livesOn(await loadBus(order.bus), driver),
    name: order.name,
    vfs,
    retry,
    dial: (index) => dial(order, parts, index),
    configuration: order.configuration,
    versions: order.versions,
    oidTimeout: 10,
    onPhase: () => {},
  });
  void os.run();
  return {
    parts,
    answers: {
      async running() {
        await os.running();
      },
      sleep: () => os.suspend(),
      wake: () => os.resume(),
      async stop() {
        await os.stop();
        return [];
      },
    },
  };
}

async function dial(order: GuestOrder, parts: SideParts, index: number): Promise<DialResult> {
  const { host, token, name, pfs } = order;
  const { clock } = parts;
  if (host === undefined) return { failure: 'the management OS is dead', permanent: false };
  const pf = pfs?.[index % pfs.length];
  const channel = { host, token: () => ({ token }), vmName: name, index, pf, clock };
  const dialed = await webSocketDial(channel)();
  if (!('transport' in dialed)) return dialed;
  return { transport: parts.end(`${name}/${index}`, dialed.transport) };
}
