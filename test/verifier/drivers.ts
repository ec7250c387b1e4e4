import type { VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import type { PfAdapter, PfMiniport } from '#host/ndis/pf-miniport.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import type { PfDriver, VfDriver } from './verified.ts';

/** Drivers of which several rules are tried. */

const { NDIS_STATUS_PENDING } = NDIS_STATUS;

/** The events of the delivery of a request to either miniport. */
export const TO_PF = ['oidRequest', 'pfMiniportOidRequest'] as const;
export const TO_VF = ['ioCompleteRequest', 'vfMiniportOidRequest'] as const;

/** A driver that serves OID_SRIOV_READ_VF_CONFIG_BLOCK in a way of its own. */
export function onRead(
  serve: (adapter: PfAdapter, request: NdisOidRequest, ordinary: PfMiniport) => OidAnswer,
): PfDriver {
  return (adapter, ordinary) => ({
    miniportOidRequest: (request) =>
      request.oid === OID.OID_SRIOV_READ_VF_CONFIG_BLOCK
        ? serve(adapter, request, ordinary)
        : ordinary.miniportOidRequest(request),
  });
}

/** A driver that does something as it serves a read, beside serving it. */
export function besides(act: (adapter: PfAdapter, request: NdisOidRequest) => void): PfDriver {
  return onRead((adapter, request, ordinary) => {
    act(adapter, request);
    return ordinary.miniportOidRequest(request);
  });
}

/** A driver that leaves a read pending, and completes it from a timer. */
export function completesLater(
  complete: (adapter: PfAdapter, request: NdisOidRequest, status: NdisStatus) => void,
  milliseconds = 100,
): PfDriver {
  return onRead((adapter, request, ordinary) => {
    adapter.clock.setTimer(milliseconds, () => {
      const status = ordinary.miniportOidRequest(request);
      if (typeof status === 'number') complete(adapter, request, status);
    });
    return NDIS_STATUS_PENDING;
  });
}

/** A driver that does something when it is told of invalid blocks, and reads block 0 after it. */
export function onInvalidation(act: (adapter: VfAdapter) => void | Promise<void>): VfDriver {
  return (adapter) =>
    configBlockVf({
      async invalidated() {
        await act(adapter);
        await adapter.ndisMReadConfigBlock(0, new Uint8Array(16), 16);
      },
    });
}
