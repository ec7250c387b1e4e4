import type { Area } from './requirement.ts';

const SEQUENCE = 'Microsoft Learn: Virtual Function Initialization Sequence';

/** From the start of the PF to a VF that runs in its guest. */
export const BRING_UP: Area = {
  title: 'Bring-up',
  requirements: [
    {
      id: 'bring-up.pf-initialize',
      rule: 'NDIS calls MiniportInitializeEx of the PF miniport once and before any OID; a failure ends the start.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'bring-up.pf-registers',
      rule: 'A PF miniport finds itself in the partition MsHvParent and registers its SR-IOV capabilities, NULL for the current ones when *SRIOV is 0.',
      source: 'Microsoft Learn: MiniportInitializeEx Guidelines for PF Miniport Drivers',
      status: 'emulated',
    },
    {
      id: 'bring-up.attributes-in-initialize',
      rule: 'NdisMSetMiniportAttributes is for MiniportInitializeEx; at another time it is NDIS_STATUS_FAILURE and changes nothing.',
      source: 'Microsoft Learn: NdisMSetMiniportAttributes',
      status: 'decision',
    },
    {
      id: 'bring-up.refused-attributes',
      rule: 'Attributes that contradict themselves or the partition are NDIS_STATUS_INVALID_PARAMETER, a structure of another revision is NDIS_STATUS_BAD_VERSION, and after either the adapter does not start.',
      source: 'Microsoft Learn: NdisMSetMiniportAttributes',
      status: 'decision',
    },
    {
      id: 'bring-up.registers-nothing',
      rule: 'A miniport that registers no attributes is driven as if SR-IOV were enabled and it served every OID; NDIS can tell no capabilities of it.',
      source: 'Microsoft Learn: NdisMSetMiniportAttributes',
      status: 'decision',
    },
    {
      id: 'bring-up.sriov-disabled',
      rule: 'A PF whose current SR-IOV capabilities are NULL is started and has no NIC switch; a guest that asks for a VF is refused with the reason, because it has no other NIC to fall back to.',
      source: 'Microsoft Learn: Determining SR-IOV Capabilities',
      status: 'decision',
    },
    {
      id: 'bring-up.create-switch',
      rule: 'NDIS creates the switch with SwitchId 0 and NumVFs once, before any VF is allocated.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'bring-up.num-vfs',
      rule: 'No more than NumVFs VFs are allocated at once.',
      source: 'Microsoft Learn: NDIS_NIC_SWITCH_PARAMETERS',
      status: 'emulated',
    },
    {
      id: 'bring-up.serial-number-first',
      rule: 'The stack makes the serial number of a VF before it allocates it, and no two VF instances share one.',
      source: 'Microsoft Learn: NDIS_SRIOV_VF_SERIAL_NUMBER_INFO',
      status: 'emulated',
    },
    {
      id: 'bring-up.allocate-vf',
      rule: 'The stack asks for a VF with VFId 0xFFFF, RequestorId 0xFFFFFFFF, SwitchId 0, the names of the VM and the NIC, and MAC addresses.',
      source: 'Microsoft Learn: Issuing OID_NIC_SWITCH_ALLOCATE_VF Requests',
      status: 'emulated',
    },
    {
      id: 'bring-up.guest-names-itself',
      rule: 'The VM of a VF is named by the guest when it opens its channel; on Windows the host knows its VMs.',
      source: 'Microsoft Learn: Issuing OID_NIC_SWITCH_ALLOCATE_VF Requests',
      status: 'decision',
    },
    {
      id: 'bring-up.ndis-checks-allocate-vf',
      rule: 'NDIS itself fails an OID_NIC_SWITCH_ALLOCATE_VF with another SwitchId, or a VFId or RequestorId that is set, with NDIS_STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: Issuing OID_NIC_SWITCH_ALLOCATE_VF Requests',
      status: 'emulated',
    },
    {
      id: 'bring-up.pf-gives-the-vfid',
      rule: 'The PF miniport answers with a zero-based VFId that no other VF has, and with its RID.',
      source: 'Microsoft Learn: Handling OID_NIC_SWITCH_ALLOCATE_VF Requests',
      status: 'emulated',
    },
    {
      id: 'bring-up.bad-vfid',
      rule: 'A VFId of the PF that is 0xFFFF, or allocated already, is refused, and so is the guest.',
      source: 'Microsoft Learn: Handling OID_NIC_SWITCH_ALLOCATE_VF Requests',
      status: 'decision',
    },
    {
      id: 'bring-up.vf-works-from-allocation',
      rule: 'A VF does not work before its allocation succeeds; blocks may be asked of the PF from there on.',
      source: 'Microsoft Learn: Allocating Virtual Functions',
      status: 'emulated',
    },
    {
      id: 'bring-up.parameters-are-final',
      rule: 'The parameters of a VF do not change after its allocation.',
      source: 'Microsoft Learn: Allocating Virtual Functions',
      status: 'emulated',
    },
    {
      id: 'bring-up.create-vport',
      rule: 'The stack creates a VPort with the VFId as its AttachedFunctionId; NDIS chooses the VPortId, and a VF has one nondefault VPort.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'bring-up.ndis-checks-create-vport',
      rule: 'NDIS itself fails an OID_NIC_SWITCH_CREATE_VPORT with another SwitchId, a VPortId that is set, a function that is neither the PF nor an allocated VF, no queue pair, or a state that a new VPort of this function does not have, with NDIS_STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: Creating a Virtual Port, Setting the Parameters of a Virtual Port',
      status: 'emulated',
    },
    {
      id: 'bring-up.vport-ids',
      rule: 'NDIS gives a VPort the lowest VPortId that is free, from 1 to NumVFs; when none is, the request fails with NDIS_STATUS_RESOURCES.',
      source: 'Microsoft Learn: Creating a Virtual Port',
      status: 'decision',
    },
    {
      id: 'bring-up.move-filter',
      rule: 'The receive filters of the VM move to that VPort with OID_RECEIVE_FILTER_MOVE_FILTER.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'bring-up.one-filter',
      rule: 'Each VF instance has one receive filter, whose FilterId is the number of the instance; a filter that was never moved is on the default VPort.',
      source: 'Microsoft Learn: Moving a Receive Filter to a Virtual Port',
      status: 'decision',
    },
    {
      id: 'bring-up.ndis-checks-move-filter',
      rule: 'NDIS itself fails an OID_RECEIVE_FILTER_MOVE_FILTER between other queues than the default ones, between VPorts that are not there or are one, or from a VPort on which the filter is not, with NDIS_STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: Moving a Receive Filter to a Virtual Port',
      status: 'emulated',
    },
    {
      id: 'bring-up.failure-undoes',
      rule: 'When the PF refuses a step of the bring-up, or does not know its OID, what was done for the VF before it is undone, and the guest is refused with the OID and the status.',
      source: SEQUENCE,
      status: 'decision',
    },
    {
      id: 'bring-up.ids-from-the-pf',
      rule: 'The ids under which the guest sees the VF are the answer of the PF to OID_SRIOV_VF_VENDOR_DEVICE_ID.',
      source: 'Microsoft Learn: OID_SRIOV_VF_VENDOR_DEVICE_ID',
      status: 'emulated',
    },
    {
      id: 'bring-up.ids-unknown',
      rule: 'A VF whose PF does not answer OID_SRIOV_VF_VENDOR_DEVICE_ID appears with the ids 0xFFFF and 0xFFFF.',
      source: 'Microsoft Learn: OID_SRIOV_VF_VENDOR_DEVICE_ID',
      status: 'decision',
    },
    {
      id: 'bring-up.bars-and-config-space',
      rule: 'The BARs and the configuration space of the VF come from OID_SRIOV_PROBED_BARS and OID_SRIOV_READ_VF_CONFIG_SPACE.',
      source: 'Microsoft Learn: OID_SRIOV_PROBED_BARS, OID_SRIOV_READ_VF_CONFIG_SPACE',
      status: 'emulated',
    },
    {
      id: 'bring-up.handshake',
      rule: 'The guest agrees on a version, enters D0 and finds its device, in this order.',
      source: 'Linux pci-hyperv; OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'bring-up.version-first',
      rule: 'Any message before a version is agreed, and the version query after it, is a protocol error that ends the channel.',
      source: 'OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'bring-up.relations-before-completion',
      rule: 'The host sends the bus relations before it completes FDO_D0_ENTRY.',
      source: 'OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'bring-up.relations-before-d0',
      rule: 'A guest may ask for the bus relations before it enters D0, as Linux guests do.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'bring-up.device-in-d0',
      rule: 'The guest takes its device into D0 with DEVICE_POWER_STATE_CHANGE, and the stack issues OID_SRIOV_SET_VF_POWER_STATE, with WakeEnable FALSE for D0.',
      source: 'Microsoft Learn: NDIS_SRIOV_SET_VF_POWER_STATE_PARAMETERS; OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'bring-up.vf-initialize',
      rule: 'NDIS of the guest calls MiniportInitializeEx of the VF miniport once, after D0; a failure ends the VF.',
      source: SEQUENCE,
      status: 'emulated',
    },
    {
      id: 'bring-up.vf-registers',
      rule: 'A VF miniport finds itself in the partition MsHvChild and registers its SR-IOV capabilities.',
      source: 'Microsoft Learn: Initializing a VF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'bring-up.vf-reads-while-it-initializes',
      rule: 'A VF miniport may read and write blocks inside its MiniportInitializeEx, to fetch its MAC address for one.',
      source: 'Microsoft Learn: Backchannel Communication from a VF Miniport Driver',
      status: 'emulated',
    },
  ],
};
