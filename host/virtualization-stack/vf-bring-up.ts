import { NDIS_STATUS, type NdisStatus, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import { type Oid, oidName } from '#shared/ndis/oid.ts';
import type { PfNdis } from '../ndis/ndis.ts';
import { parseVPortParameters } from '../ndis/vport-parameters.ts';
import { type PciFunction, pciFunctionOf } from './pci-function.ts';
import { createVPort, issued, moveFilter } from './vf-oids.ts';
import type { VfResources } from './vf-resources.ts';

/** A step of the bring-up. It answers why the VF is refused, or undefined when the next may follow. */
type Step = (ndis: PfNdis, vf: VfResources) => Promise<string | undefined>;

/**
 * What the virtualization stack asks for a VF between OID_NIC_SWITCH_ALLOCATE_VF and the channel of
 * its guest, in the documented order. Source: Microsoft Learn: Virtual Function Initialization
 * Sequence.
 */
const STEPS: readonly Step[] = [createVPortOfVf, moveFilterToVf];

/**
 * Takes the steps of the bring-up one after the other. Answers the function that the guest is to see;
 * why the VF is refused; or undefined once `isWanted` says that nobody waits for it any more. What
 * was done until then is in `vf`, for the teardown.
 */
export async function bringUp(
  ndis: PfNdis,
  vf: VfResources,
  isWanted: () => boolean,
): Promise<PciFunction | string | undefined> {
  for (const step of STEPS) {
    if (!isWanted()) return undefined;
    const refusal = await step(ndis, vf);
    if (refusal !== undefined) return refusal;
  }
  return isWanted() ? await pciFunctionOf(ndis, vf.vfId, vf.origin, isWanted) : undefined;
}

/** Why a VF is refused: the request that failed, and its status. */
export function refusalOf(oid: Oid, status: NdisStatus): string {
  return `${oidName(oid)} failed with ${ndisStatusName(status)}`;
}

/** Documents require the OID of every PF miniport: one that does not know it has no VFs. */
async function createVPortOfVf(ndis: PfNdis, vf: VfResources): Promise<string | undefined> {
  const { vfId, origin } = vf;
  const vport = { name: origin.device, attachedFunctionId: vfId };
  const { status, request } = await issued(ndis, createVPort(vport, origin));
  if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return refusalOf(request.oid, status);
  vf.vportId = parseVPortParameters(request.informationBuffer)?.vportId;
  return undefined;
}

async function moveFilterToVf(ndis: PfNdis, vf: VfResources): Promise<string | undefined> {
  const { filterId, filterVPortId: sourceVPortId, vportId: destVPortId, origin } = vf;
  if (destVPortId === undefined) return undefined;
  const move = { filterId, sourceVPortId, destVPortId };
  const { status, request } = await issued(ndis, moveFilter(move, origin));
  if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return refusalOf(request.oid, status);
  vf.filterVPortId = destVPortId;
  return undefined;
}
