import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { registerSriov, type SriovRegistration } from '#shared/ndis/register-sriov.ts';
import { type BlockId, type BlockMask, blocksOfMask } from '#shared/vpci/config-block.ts';
import { parseDevicePowerBuffer, SIZEOF_DEVICE_POWER_STATE } from '../ndis/device-power-buffer.ts';
import {
  parseInvalidateInfo,
  SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO,
} from '../ndis/invalidate-info.ts';
import type { NdisHaltAction, VfMiniport } from '../ndis/vf-miniport.ts';

/** A VF driver in terms of blocks instead of OIDs. Any function may return a promise. */
export interface ConfigBlockVf {
  /** The VF starts; this is where a driver reads its blocks for the first time. */
  initialize?(): NdisStatus | Promise<NdisStatus>;
  /**
   * What was read of these blocks before is stale. Blocks that change while this runs are told in a
   * further call. A promise that rejects is reported and completes with NDIS_STATUS_FAILURE.
   */
  invalidated(blocks: readonly BlockId[], mask: BlockMask): void | Promise<void>;
  /**
   * The guest falls asleep: the device is about to leave D0 (NdisDeviceStateD3), and blocks can be
   * neither read nor written until it is in D0 again, of which the next call tells
   * (NdisDeviceStateD0). A driver stops its timers for that time. Blocks that change meanwhile are
   * told after it.
   */
  setPower?(state: NdisDevicePowerState): void | Promise<void>;
  /** The VF stops. */
  halt?(action: NdisHaltAction): void | Promise<void>;
}

const REGISTRATION: SriovRegistration = {
  partitionType: 'NdisHypervisorPartitionMsHvChild',
  supportedOidList: [OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, OID.OID_PNP_SET_POWER],
  isEnabled: true,
};

/**
 * A VF miniport that speaks OIDs for a {@link ConfigBlockVf}, and registers itself as a VF.
 *
 * Source: Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, OID_PNP_SET_POWER.
 */
export function configBlockVf(driver: ConfigBlockVf): VfMiniport {
  return {
    miniportInitializeEx(adapter) {
      const status = registerSriov(adapter, REGISTRATION);
      return status === NDIS_STATUS.NDIS_STATUS_SUCCESS
        ? (driver.initialize?.() ?? status)
        : status;
    },
    miniportHaltEx: (action) => driver.halt?.(action),
    miniportOidRequest(request): OidAnswer {
      switch (request.oid) {
        case OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK:
          return invalidateConfigBlock(driver, request);
        case OID.OID_PNP_SET_POWER:
          return setPower(driver, request);
        default:
          return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
      }
    },
  };
}

function invalidateConfigBlock(driver: ConfigBlockVf, request: NdisOidRequest): OidAnswer {
  if (request.inputBufferLength < SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO) {
    request.bytesNeeded = SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO;
    return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
  }
  const mask = parseInvalidateInfo(request.informationBuffer);
  if (mask === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
  request.bytesRead = SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO;
  return successAfter(driver.invalidated(blocksOfMask(mask), mask));
}

function setPower(driver: ConfigBlockVf, request: NdisOidRequest): OidAnswer {
  const state = parseDevicePowerBuffer(request.informationBuffer);
  if (state === undefined) {
    request.bytesNeeded = SIZEOF_DEVICE_POWER_STATE;
    return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
  }
  request.bytesRead = SIZEOF_DEVICE_POWER_STATE;
  return successAfter(driver.setPower?.(state));
}

function successAfter(work: void | Promise<void>): OidAnswer {
  return work instanceof Promise
    ? work.then(() => NDIS_STATUS.NDIS_STATUS_SUCCESS)
    : NDIS_STATUS.NDIS_STATUS_SUCCESS;
}
