import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { OidOrigin } from '#shared/ndis/oid-request.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import type { PfNdis } from '../ndis/ndis.ts';
import { parseVendorDeviceIdInfo, UNKNOWN_IDS } from '../ndis/vf-requests.ts';
import { issued, vendorDeviceId } from './vf-oids.ts';

/** PCI class 02h, sub-class 00h: an Ethernet controller. */
const ETHERNET_CONTROLLER = { baseClass: 0x02, subClass: 0x00, progIf: 0x00 } as const;

/**
 * The description under which a VF appears on the guest's bus. Its ids are the PF's answer to
 * OID_SRIOV_VF_VENDOR_DEVICE_ID; its serial number tells one VF instance from the next.
 */
export async function busDeviceOf(
  ndis: PfNdis,
  vfId: number,
  origin: OidOrigin,
): Promise<BusDevice> {
  const { status, request } = await issued(ndis, vendorDeviceId(vfId, origin));
  const ids =
    status === NDIS_STATUS.NDIS_STATUS_SUCCESS
      ? (parseVendorDeviceIdInfo(request.informationBuffer) ?? UNKNOWN_IDS)
      : UNKNOWN_IDS;
  return {
    vendorId: ids.vendorId,
    deviceId: ids.deviceId,
    revisionId: 0,
    ...ETHERNET_CONTROLLER,
    subVendorId: 0,
    subSystemId: 0,
    slot: 0,
    serialNumber: origin.generation,
  };
}
