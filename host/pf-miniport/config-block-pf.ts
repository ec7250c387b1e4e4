import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { REVISION_1 } from '#shared/ndis/object-header.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import {
  type ConfigBlockParameters,
  parseConfigBlockParameters,
  SIZEOF_CONFIG_BLOCK_PARAMETERS,
} from '../ndis/config-block-parameters.ts';
import type { PfMiniport, PfVfReport } from '../ndis/pf-miniport.ts';
import type { PfVirtualFunctions } from '../ndis/pf-virtual-functions.ts';
import { NIC_SWITCH_OIDS, NicSwitch, type NicSwitchDriver } from './nic-switch.ts';
import { isSriovEnabled, registerPf } from './register-pf.ts';
import { checkVfBuffer } from './vf-buffer.ts';

/** What a read answers: the block's bytes, or why there are none. */
export type BlockAnswer = Uint8Array | NdisStatus;

/**
 * A PF driver in terms of blocks instead of OIDs: for authors whose device has a protocol of blocks
 * and an ordinary NIC switch. Any function may return a promise for a call that blocks.
 */
export interface ConfigBlockPf extends NicSwitchDriver {
  initialize?(): NdisStatus | Promise<NdisStatus>;
  halt?(): void | Promise<void>;
  /**
   * Answers a read of an allocated VF with the first `length` bytes of the block. Fewer bytes are
   * allowed, more are cut, none is a failure. An unknown block is NDIS_STATUS_INVALID_PARAMETER.
   */
  readBlock(vfId: number, blockId: BlockId, length: number): BlockAnswer | Promise<BlockAnswer>;
  /** Takes what an allocated VF wrote. An unknown block is NDIS_STATUS_INVALID_PARAMETER. */
  writeBlock(vfId: number, blockId: BlockId, data: Uint8Array): OidAnswer;
  reportVf?(vfId: number): PfVfReport;
}

/** What the miniport lists in SupportedOidList. */
const SUPPORTED_OIDS = [
  ...NIC_SWITCH_OIDS,
  OID.OID_SRIOV_READ_VF_CONFIG_BLOCK,
  OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK,
];

/**
 * A PF miniport that speaks OIDs for a {@link ConfigBlockPf}: it keeps the NIC switch, gives out
 * VFIds, and holds reads and writes to the rules of their OIDs. It registers itself as a PF, whose
 * SR-IOV the keyword `*SRIOV` disables with 0.
 *
 * Source: Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_WRITE_VF_CONFIG_BLOCK.
 *
 * @param adapter the adapter of the PF, whose VFs these are
 */
export function configBlockPf(adapter: PfVirtualFunctions, driver: ConfigBlockPf): PfMiniport {
  const nicSwitch = new NicSwitch(adapter, driver);
  let isEnabled = true;
  return {
    miniportInitializeEx(handle) {
      isEnabled = isSriovEnabled(handle);
      const status = registerPf(handle, SUPPORTED_OIDS);
      return status === NDIS_STATUS.NDIS_STATUS_SUCCESS
        ? (driver.initialize?.() ?? status)
        : status;
    },
    miniportHaltEx: () => driver.halt?.(),
    miniportOidRequest(request): OidAnswer {
      // Every OID here is of the SR-IOV interface, of which an adapter knows none without SR-IOV.
      if (!isEnabled) return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
      switch (request.oid) {
        case OID.OID_SRIOV_READ_VF_CONFIG_BLOCK:
          return readVfConfigBlock(driver, nicSwitch, request);
        case OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK:
          return writeVfConfigBlock(driver, nicSwitch, request);
        default:
          return nicSwitch.oidRequest(request);
      }
    },
    ...(driver.reportVf === undefined ? {} : { reportVf: (vfId) => report(driver, vfId) }),
  };
}

function report(driver: ConfigBlockPf, vfId: number): PfVfReport {
  return driver.reportVf?.(vfId) ?? { blocks: [], details: {} };
}

function checkBlock(
  nicSwitch: NicSwitch,
  request: NdisOidRequest,
  available: number,
): ConfigBlockParameters | NdisStatus {
  const size = SIZEOF_CONFIG_BLOCK_PARAMETERS;
  return checkVfBuffer(request, nicSwitch, parseConfigBlockParameters, size, available);
}

function readVfConfigBlock(
  driver: ConfigBlockPf,
  nicSwitch: NicSwitch,
  request: NdisOidRequest,
): OidAnswer {
  const parameters = checkBlock(nicSwitch, request, request.outputBufferLength);
  if (typeof parameters === 'number') return parameters;
  const { vfId, blockId, length } = parameters;
  const answer = driver.readBlock(vfId, blockId, length);
  return answer instanceof Promise
    ? answer.then((settled) => completeRead(request, parameters, settled))
    : completeRead(request, parameters, answer);
}

function completeRead(
  request: NdisOidRequest,
  parameters: ConfigBlockParameters,
  answer: BlockAnswer,
): NdisStatus {
  if (typeof answer === 'number') return answer;
  if (answer.byteLength === 0) return NDIS_STATUS.NDIS_STATUS_FAILURE;
  const { length } = parameters;
  const data = answer.byteLength > length ? answer.subarray(0, length) : answer;
  request.informationBuffer.set(data, parameters.bufferOffset);
  request.bytesWritten = parameters.bufferOffset + data.byteLength;
  request.bytesRead = SIZEOF_CONFIG_BLOCK_PARAMETERS;
  return NDIS_STATUS.NDIS_STATUS_SUCCESS;
}

function writeVfConfigBlock(
  driver: ConfigBlockPf,
  nicSwitch: NicSwitch,
  request: NdisOidRequest,
): OidAnswer {
  const parameters = checkBlock(nicSwitch, request, request.inputBufferLength);
  if (typeof parameters === 'number') return parameters;
  const { vfId, blockId, bufferOffset, length } = parameters;
  const data = request.informationBuffer.slice(bufferOffset, bufferOffset + length);
  const answer = driver.writeBlock(vfId, blockId, data);
  return answer instanceof Promise
    ? answer.then((settled) => completeWrite(request, parameters, settled))
    : completeWrite(request, parameters, answer);
}

/** A write that failed has read nothing, and says nothing of a revision. */
function completeWrite(
  request: NdisOidRequest,
  { bufferOffset, length }: ConfigBlockParameters,
  status: NdisStatus,
): NdisStatus {
  if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return status;
  request.bytesRead = bufferOffset + length;
  request.supportedRevision = REVISION_1;
  return status;
}
