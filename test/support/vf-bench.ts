import type { IoStatusBlock } from '#guest/io/irp.ts';
import { OID } from '#shared/ndis/oid.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { createControlledPair } from '../kit/world/controlled-transport.ts';
import { RawGuest } from '../kit/world/raw-guest.ts';
import { turn } from '../kit/world/turn.ts';
import { createWorld, type World } from '../kit/world/world.ts';
import type { AttachedGuest } from '../kit/world/world-guest.ts';
import type { WorldOptions } from '../kit/world/world-options.ts';
import { LegacyVf, type SentRequest } from './legacy-vf.ts';
import { RecordingPf } from './recording-pf.ts';
import { RecordingVf } from './recording-vf.ts';

/** A world, and the PF in it. */
export interface PfBench {
  readonly world: World;
  readonly pf: RecordingPf;
}

/** A world with one VF. */
export interface VfBench<Vf> extends PfBench {
  readonly vf: Vf;
  readonly guest: AttachedGuest;
}

export async function newPfBench(options: Partial<WorldOptions> = {}): Promise<PfBench> {
  const pf = new RecordingPf();
  return { pf, world: await createWorld({ pf: pf.factory, ...options }) };
}

/** A driver from before NDIS 6.30, which sends its own IRPs and so sees how each of them ends. */
export function newLegacyVf(): LegacyVf {
  return new LegacyVf({ majorNdisVersion: 6, minorNdisVersion: 20 });
}

/** A VF that runs, with a driver that has pended the IOCTL itself; its bring-up is forgotten. */
export async function runningLegacyVf(
  options: Partial<WorldOptions> = {},
): Promise<VfBench<LegacyVf>> {
  const bench = await newPfBench(options);
  const vf = newLegacyVf();
  const guest = await bench.world.attachGuest(vf.factory);
  bench.world.events.length = 0;
  return { ...bench, vf, guest };
}

/** A VF that runs, for which NDIS has pended the IOCTL; its bring-up is forgotten. */
export async function runningVf(
  options: Partial<WorldOptions> = {},
  vf = new RecordingVf(),
): Promise<VfBench<RecordingVf>> {
  const bench = await newPfBench(options);
  const guest = await bench.world.attachGuest(vf.factory, { retry: true });
  bench.world.events.length = 0;
  return { ...bench, vf, guest };
}

/** A VF that is allocated and not exposed, of a guest by hand, since the PF holds back its VPort. */
export async function allocatedVf(
  options: Partial<WorldOptions> = {},
): Promise<PfBench & { readonly guest: RawGuest; readonly expose: () => Promise<void> }> {
  const bench = await newPfBench(options);
  const { pf, world } = bench;
  pf.leavePending(OID.OID_NIC_SWITCH_CREATE_VPORT);
  const [guest, host] = createControlledPair();
  void world.host.attach(host, { vmName: 'raw', index: 0 });
  await turn();
  const expose = async (): Promise<void> => {
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID.OID_NIC_SWITCH_CREATE_VPORT));
    await turn();
  };
  return { ...bench, guest: new RawGuest(guest), expose };
}

/** A request that went to the host, and was completed once. */
export function completed(status: NtStatus, information: number, data?: Uint8Array): SentRequest {
  return { returned: NTSTATUS.STATUS_PENDING, ends: [{ status, information }], data };
}

/** A request that the VPCI driver had completed by the time at which IoCallDriver returned. */
export function refused(status: NtStatus, data?: Uint8Array): SentRequest {
  return { returned: status, ends: [{ status, information: 0 }], data };
}

/** How a request ends whose device is gone. */
export const NOT_CONNECTED: IoStatusBlock = {
  status: NTSTATUS.STATUS_DEVICE_NOT_CONNECTED,
  information: 0,
};
