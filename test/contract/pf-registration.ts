import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import { OID } from '#shared/ndis/oid.ts';
import { demand, type Rules } from './contract.ts';
import type { PfDoor } from './pf-door.ts';
import { checkRegistration, initializedBehind } from './registration-rules.ts';

/** What every PF miniport must serve here. */
const PF_OIDS = [
  OID.OID_NIC_SWITCH_CREATE_SWITCH,
  OID.OID_NIC_SWITCH_DELETE_SWITCH,
  OID.OID_NIC_SWITCH_CREATE_VPORT,
  OID.OID_NIC_SWITCH_DELETE_VPORT,
  OID.OID_RECEIVE_FILTER_MOVE_FILTER,
  OID.OID_NIC_SWITCH_ALLOCATE_VF,
  OID.OID_NIC_SWITCH_FREE_VF,
  OID.OID_SRIOV_RESET_VF,
  OID.OID_SRIOV_READ_VF_CONFIG_BLOCK,
  OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK,
];

/** A door before MiniportInitializeEx, with these keywords besides those of the contract. */
export type NewPfDoor = (
  keywords: ReadonlyMap<string, string>,
  partitionType?: NdisHypervisorPartitionType,
) => PfDoor;

const NO_KEYWORDS: ReadonlyMap<string, string> = new Map();

/** Checks what a PF miniport registers of itself, with SR-IOV enabled and not. */
export async function checkPfRegistration(rules: Rules, newDoor: NewPfDoor): Promise<void> {
  await checkRegistration({
    oids: PF_OIDS,
    foreignPartition: 'NdisHypervisorPartitionMsHvChild',
    check: (rule, run) => rules.check(rule, run),
    initialized: (partitionType) => initializedBehind(newDoor(NO_KEYWORDS, partitionType)),
  });
  await rules.check(
    'with the keyword *SRIOV of 0 it registers its hardware, and NULL as CurrentSriovCapabilities',
    async () => {
      const enabled = await initializedBehind(newDoor(NO_KEYWORDS));
      const disabled = await initializedBehind(newDoor(new Map([['*SRIOV', '0']])));
      const { hardwareSriovCapabilities, currentSriovCapabilities } = disabled.registration;
      demand(currentSriovCapabilities === undefined, 'CurrentSriovCapabilities is not NULL');
      const before = enabled.registration.hardwareSriovCapabilities;
      const isSame = (hardwareSriovCapabilities === undefined) === (before === undefined);
      demand(isSame, 'HardwareSriovCapabilities is NULL');
    },
  );
}
