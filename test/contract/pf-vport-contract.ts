import { newVPortParameters, setVPortId } from '#host/ndis/vport-parameters.ts';
import { deleteVPort, moveFilter } from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { methodRequest, type OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { demandFailure, demandStatus } from './oid-door.ts';
import { ORIGIN, type PfDoor } from './pf-door.ts';

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;

const FILTER = 1;
const DEFAULT_VPORT = 0;

/** OID_NIC_SWITCH_CREATE_VPORT as NDIS forwards it, with the VPortId that it chose. */
function createVPort(vportId: number, attachedFunctionId: number): OidRequestParameters {
  const buffer = newVPortParameters({ name: 'contract', attachedFunctionId });
  setVPortId(buffer, vportId);
  return methodRequest(OID.OID_NIC_SWITCH_CREATE_VPORT, buffer);
}

/** What documents require of every PF miniport that supports SR-IOV: without it no VF is brought up. */
export async function checkVPorts(
  check: (rule: string, run: (door: PfDoor) => Promise<void>) => Promise<void>,
): Promise<void> {
  await check('a VPort is attached to a VF that is allocated, and to no other', async (door) => {
    const vfId = await door.allocate();
    demandFailure(await door.issue(createVPort(1, vfId + 1)), 'a VF that is not allocated');
    demandStatus(await door.issue(createVPort(1, vfId)), NDIS_STATUS_SUCCESS);
    demandStatus(await door.issue(deleteVPort(1, ORIGIN)), NDIS_STATUS_SUCCESS);
  });
  await check('a VF is freed only when its VPort is deleted', async (door) => {
    const vfId = await door.allocate();
    demandStatus(await door.issue(createVPort(1, vfId)), NDIS_STATUS_SUCCESS);
    demandFailure(await door.free(vfId), 'a VF with a VPort');
    demandStatus(await door.issue(deleteVPort(1, ORIGIN)), NDIS_STATUS_SUCCESS);
    demandStatus(await door.free(vfId), NDIS_STATUS_SUCCESS);
  });
  await check('a receive filter moves to the VPort of a VF, and back', async (door) => {
    const vfId = await door.allocate();
    demandStatus(await door.issue(createVPort(1, vfId)), NDIS_STATUS_SUCCESS);
    for (const [sourceVPortId, destVPortId] of [
      [DEFAULT_VPORT, 1],
      [1, DEFAULT_VPORT],
    ] as const) {
      const move = { filterId: FILTER, sourceVPortId, destVPortId };
      demandStatus(await door.issue(moveFilter(move, ORIGIN)), NDIS_STATUS_SUCCESS);
    }
    demandStatus(await door.issue(deleteVPort(1, ORIGIN)), NDIS_STATUS_SUCCESS);
  });
  await check('a VPort is deleted once, and the default one never', async (door) => {
    const vfId = await door.allocate();
    demandStatus(await door.issue(createVPort(1, vfId)), NDIS_STATUS_SUCCESS);
    demandFailure(await door.issue(deleteVPort(DEFAULT_VPORT, ORIGIN)), 'the default VPort');
    demandStatus(await door.issue(deleteVPort(1, ORIGIN)), NDIS_STATUS_SUCCESS);
    demandFailure(await door.issue(deleteVPort(1, ORIGIN)), 'a VPort that was deleted');
  });
}
