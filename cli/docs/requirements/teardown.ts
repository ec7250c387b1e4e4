import type { Area } from './requirement.ts';

const SEQUENCE = 'Microsoft Learn: Virtual Function Teardown Sequence';

/** From a VF that runs to a PF that is halted. */
export const TEARDOWN: Area = {
  title: 'Teardown',
  requirements: [
    {
      id: 'teardown.halt-before-eject-complete',
      rule: 'On EJECT the guest halts the VF miniport first and answers with EJECT_COMPLETE then.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'teardown.data-path-unbinds',
      rule: 'On EJECT NetVSC unbinds from the VF and moves its traffic to the synthetic data path.',
      source: SEQUENCE,
      status: 'not emulated',
      reason:
        'There is no data path, and its failover is not seen by the miniports of the backchannel.',
    },
    {
      id: 'teardown.eject-timeout',
      rule: 'A guest that has not answered EJECT after 60 seconds loses the VF by surprise removal.',
      source: 'Linux pci-hyperv; Microsoft Learn: SR-IOV VF Failover and Live Migration Support',
      status: 'emulated',
    },
    {
      id: 'teardown.second-eject',
      rule: 'A second EJECT while the first is not answered changes nothing.',
      source: SEQUENCE,
      status: 'decision',
    },
    {
      id: 'teardown.eject-out-of-d0',
      rule: 'A VF whose bus is not in D0 is asked for with EJECT and given the same time; a guest that sleeps answers when it wakes, or loses it.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'teardown.filters-move-back',
      rule: 'The receive filters move back to the default VPort.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'teardown.delete-vport',
      rule: 'The VPort is deleted with OID_NIC_SWITCH_DELETE_VPORT before the VF is reset and freed; a VF with a VPort attached is not freed.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'teardown.filter-on-deleted-vport',
      rule: 'A receive filter that is still on a VPort that the PF deletes goes with it.',
      source: 'Microsoft Learn: Deleting a Virtual Port',
      status: 'decision',
    },
    {
      id: 'teardown.failure-goes-on',
      rule: 'A request of the teardown that fails is logged, and those after it are issued all the same.',
      source: SEQUENCE,
      status: 'decision',
    },
    {
      id: 'teardown.reset-then-free',
      rule: 'The stack resets the VF with OID_SRIOV_RESET_VF and frees it with OID_NIC_SWITCH_FREE_VF after that.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'teardown.reset-touches-one-vf',
      rule: 'The reset of one VF is not noticed by another.',
      source: 'Microsoft Learn: OID_SRIOV_RESET_VF',
      status: 'emulated',
    },
    {
      id: 'teardown.only-the-stack-frees',
      rule: 'Only the component that allocated a VF frees it: no miniport can issue an OID request.',
      source: 'Microsoft Learn: OID_NIC_SWITCH_FREE_VF',
      status: 'emulated',
    },
    {
      id: 'teardown.switch-last',
      rule: 'When the PF stops, every VF is freed first, then the switch deleted, then MiniportHaltEx called.',
      source:
        'Microsoft Learn: Handling OID_NIC_SWITCH_FREE_VF Requests, Halting a PF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'teardown.halt-when-none-outstanding',
      rule: 'NDIS calls MiniportHaltEx once, when no OID request is outstanding, and issues none afterwards.',
      source: 'Microsoft Learn: Halting a Miniport Adapter',
      status: 'emulated',
    },
    {
      id: 'teardown.not-accepted',
      rule: 'An OID request that comes once the adapter goes away is completed with NDIS_STATUS_NOT_ACCEPTED.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'teardown.operator',
      rule: 'While a VF is being freed, its channel gone, the read, the write and the reset of an operator are refused as those of a VF that is not allocated, because the PF would be asked after it has freed the VF; an EJECT changes nothing.',
      source: 'Microsoft Learn: OID_NIC_SWITCH_FREE_VF, Virtual Function Teardown Sequence',
      status: 'decision',
    },
    {
      id: 'teardown.invalidate',
      rule: 'While a VF is being freed, its channel gone, an invalidation is traced, and nobody is left to be told.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'decision',
    },
    {
      id: 'teardown.hanging-miniport',
      rule: 'An operating system that stops waits for a miniport that hangs no longer than its own limit: it aborts the OID requests that are held, and leaves behind what does not return.',
      source: 'No document: Windows waits for ever',
      status: 'decision',
    },
  ],
};
