import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID, type Oid } from '#shared/ndis/oid.ts';
import {
  methodRequest,
  type OidRequestParameters,
  queryRequest,
} from '#shared/ndis/oid-request.ts';
import {
  parseSriovCapabilities,
  SIZEOF_SRIOV_CAPABILITIES,
} from '#shared/ndis/sriov-capabilities.ts';
import type { PfNdis } from '../ndis/ndis.ts';
import {
  type NicSwitchInfo,
  parseNicSwitchInfoArray,
  SIZEOF_NIC_SWITCH_INFO_ARRAY,
} from '../ndis/nic-switch-info.ts';
import { parsePfLuidInfo, SIZEOF_PF_LUID_INFO } from '../ndis/pf-luid-info.ts';
import { newVfInfoQuery, parseVfInfoArray, SIZEOF_VF_INFO_ARRAY } from '../ndis/vf-info.ts';
import type { VfInfo } from '../ndis/vf-parameters.ts';
import {
  newVPortInfoQuery,
  parseVPortInfoArray,
  SIZEOF_VPORT_INFO_ARRAY,
  type VPortInfo,
} from '../ndis/vport-info.ts';
import { issued } from './vf-oids.ts';

/** What NDIS tells of a PF to whoever asks, without asking the PF miniport. */
export interface PfView {
  /** The adapter's name. */
  readonly name: string;
  /** OID_SRIOV_PF_LUID, as one unsigned number of 64 bits; undefined when SR-IOV is not enabled. */
  readonly luid: bigint | undefined;
  /** SriovCapabilities of OID_SRIOV_HARDWARE_CAPABILITIES; undefined when NDIS knows of none. */
  readonly hardwareCapabilities: number | undefined;
  /** SriovCapabilities of OID_SRIOV_CURRENT_CAPABILITIES; undefined when SR-IOV is not enabled. */
  readonly currentCapabilities: number | undefined;
  /** OID_NIC_SWITCH_ENUM_SWITCHES: the default NIC switch, or none. */
  readonly switches: readonly NicSwitchInfo[];
  /** OID_NIC_SWITCH_ENUM_VFS, by VFId. */
  readonly vfs: readonly VfInfo[];
  /** OID_NIC_SWITCH_ENUM_VPORTS, by VPortId. */
  readonly vports: readonly VPortInfo[];
}

/** How often a buffer is made longer: what is enumerated may grow between two requests. */
const MAX_TRIES = 4;

/** Asks NDIS for all that it answers of a PF. */
export async function viewOfPf(ndis: PfNdis, name: string): Promise<PfView> {
  const query = (oid: Oid) => (size: number) => queryRequest(oid, new Uint8Array(size));
  const enumVfs = (size: number) =>
    methodRequest(OID.OID_NIC_SWITCH_ENUM_VFS, newVfInfoQuery(size));
  const enumVPorts = (size: number) =>
    methodRequest(OID.OID_NIC_SWITCH_ENUM_VPORTS, newVPortInfoQuery(size));
  const capabilities = async (oid: Oid): Promise<number | undefined> =>
    parsed(await asked(ndis, query(oid), SIZEOF_SRIOV_CAPABILITIES), parseSriovCapabilities);
  const luid = await asked(ndis, query(OID.OID_SRIOV_PF_LUID), SIZEOF_PF_LUID_INFO);
  const enumSwitches = query(OID.OID_NIC_SWITCH_ENUM_SWITCHES);
  const switches = await asked(ndis, enumSwitches, SIZEOF_NIC_SWITCH_INFO_ARRAY);
  const vfs = await asked(ndis, enumVfs, SIZEOF_VF_INFO_ARRAY);
  const vports = await asked(ndis, enumVPorts, SIZEOF_VPORT_INFO_ARRAY);
  return {
    name,
    luid: parsed(luid, parsePfLuidInfo),
    hardwareCapabilities: await capabilities(OID.OID_SRIOV_HARDWARE_CAPABILITIES),
    currentCapabilities: await capabilities(OID.OID_SRIOV_CURRENT_CAPABILITIES),
    switches: parsed(switches, parseNicSwitchInfoArray) ?? [],
    vfs: parsed(vfs, parseVfInfoArray) ?? [],
    vports: parsed(vports, parseVPortInfoArray) ?? [],
  };
}

function parsed<T>(
  answer: Uint8Array | undefined,
  parse: (bytes: Uint8Array) => T | undefined,
): T | undefined {
  return answer === undefined ? undefined : parse(answer);
}

/** The bytes of an answer, asked for with as long a buffer as it needs; undefined when there is none. */
async function asked(
  ndis: PfNdis,
  requestOf: (size: number) => OidRequestParameters,
  firstSize: number,
): Promise<Uint8Array | undefined> {
  let size = firstSize;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { status, request } = await issued(ndis, requestOf(size));
    if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) {
      return request.informationBuffer.subarray(0, request.bytesWritten);
    }
    if (status !== NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH) return undefined;
    size = request.bytesNeeded;
  }
  return undefined;
}
