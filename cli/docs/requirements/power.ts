import type { Area } from './requirement.ts';

const SET_POWER = 'Microsoft Learn: OID_SRIOV_SET_VF_POWER_STATE';
const HOSTS = 'OpenVMM vpci';
const SET_POWER_OF_NDIS = 'Microsoft Learn: OID_PNP_SET_POWER';

/** The power of a VF, and of the bus that it is on. */
export const POWER: Area = {
  title: 'Power states',
  requirements: [
    {
      id: 'power.pf-invalid-parameter',
      rule: 'A VF that is not allocated, a state that is not D0 to D3, and WakeEnable with D0 are NDIS_STATUS_INVALID_PARAMETER of OID_SRIOV_SET_VF_POWER_STATE.',
      source: `${SET_POWER}, NDIS_SRIOV_SET_VF_POWER_STATE_PARAMETERS`,
      status: 'emulated',
    },
    {
      id: 'power.pf-invalid-length',
      rule: 'A buffer of OID_SRIOV_SET_VF_POWER_STATE of fewer than 13 bytes is NDIS_STATUS_INVALID_LENGTH, and BytesNeeded is 13.',
      source: SET_POWER,
      status: 'emulated',
    },
    {
      id: 'power.one-vf',
      rule: 'The power state of one VF is not noticed by another.',
      source: SET_POWER,
      status: 'emulated',
    },
    {
      id: 'power.first-state',
      rule: 'A VF is in D0 when it is allocated, and again when it has been reset.',
      source: SET_POWER,
      status: 'decision',
    },
    {
      id: 'power.bad-state',
      rule: 'DEVICE_POWER_STATE_CHANGE takes D0 and D3; any other state is STATUS_BAD_DATA, and the PF is not asked.',
      source: HOSTS,
      status: 'emulated',
    },
    {
      id: 'power.status-of-the-pf',
      rule: 'The guest is answered with the status of the PF, as it is for blocks.',
      source: HOSTS,
      status: 'decision',
    },
    {
      id: 'power.bus-not-in-d0',
      rule: 'While the bus is not in D0, DEVICE_POWER_STATE_CHANGE and RESET_DEVICE are STATUS_DEVICE_NOT_CONNECTED.',
      source: HOSTS,
      status: 'decision',
    },
    {
      id: 'power.one-at-a-time',
      rule: 'One change of power or reset of a VF is under way at a time; a second one is STATUS_INVALID_DEVICE_REQUEST.',
      source: 'Microsoft Learn: PoRequestPowerIrp',
      status: 'decision',
    },
    {
      id: 'power.blocks-go-by-the-bus',
      rule: 'The bus in D0, the device in D3 or in no state that the guest gave it: blocks are read, written and invalidated as ever.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'power.device-stays-out-of-d0',
      rule: 'A guest whose device the PF does not take into D0 gives the VF back, and its miniport is not initialized.',
      source: SET_POWER,
      status: 'decision',
    },
    {
      id: 'power.pf-without-power-states',
      rule: 'STATUS_NOT_SUPPORTED for D0 is a PF without power states, whose VFs are in D0 always.',
      source: SET_POWER,
      status: 'decision',
    },
    {
      id: 'power.d3-at-a-stop',
      rule: 'A guest that stops takes its device into D3 before its bus leaves D0, whatever the PF says to it and however long that takes.',
      source: 'Microsoft Learn: OID_PNP_SET_POWER; Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'power.reset-device-version',
      rule: 'RESET_DEVICE is STATUS_NOT_SUPPORTED below version 1.5.',
      source: HOSTS,
      status: 'emulated',
    },
    {
      id: 'power.reset-device',
      rule: 'RESET_DEVICE becomes OID_SRIOV_RESET_VF, and is to the backchannel what the reset of an operator is.',
      source: 'Microsoft Learn: OID_SRIOV_RESET_VF',
      status: 'decision',
    },
    {
      id: 'power.suspend-order',
      rule: 'A guest that falls asleep sends its miniport OID_PNP_SET_POWER with NdisDeviceStateD3, takes the device into D3, and takes the bus out of D0; miniport and channel stay.',
      source: SET_POWER_OF_NDIS,
      status: 'decision',
    },
    {
      id: 'power.resume-order',
      rule: 'A guest that wakes takes the bus into D0, then the device, and sends its miniport OID_PNP_SET_POWER with NdisDeviceStateD0.',
      source: SET_POWER_OF_NDIS,
      status: 'decision',
    },
    {
      id: 'power.sleep-keeps-the-channel',
      rule: 'The channel stays open while a guest sleeps. A guest that closes it, as Linux does to hibernate, has given its VF back; it finds another one when it wakes.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'power.miniport-cannot-refuse',
      rule: 'No VF miniport can refuse OID_PNP_SET_POWER: whatever it answers, its device changes state.',
      source: SET_POWER_OF_NDIS,
      status: 'emulated',
    },
    {
      id: 'power.no-halt-on-suspend',
      rule: 'Every VF miniport is treated as one that set NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND and NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND: it is neither halted nor paused for a sleep.',
      source: 'Microsoft Learn: NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES',
      status: 'decision',
    },
    {
      id: 'power.blocks-out-of-d0',
      rule: 'While the bus is out of D0 the VPCI driver completes a read or write with STATUS_DEVICE_NOT_CONNECTED, without asking the host.',
      source: SET_POWER_OF_NDIS,
      status: 'decision',
    },
    {
      id: 'power.outstanding-at-d0-exit',
      rule: 'Reads and writes that were sent before the bus left D0 finish; those that still waited to be sent fail.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'power.masks-wait-for-the-miniport',
      rule: 'A VF miniport is told of no mask between OID_PNP_SET_POWER with D3 and with D0; masks that come then are ORed.',
      source: SET_POWER_OF_NDIS,
      status: 'decision',
    },
    {
      id: 'power.did-not-wake',
      rule: 'A VF whose bus or device does not enter D0 again is lost, and its miniport halted with NdisHaltDeviceFailed.',
      source: 'Microsoft Learn: MINIPORT_HALT',
      status: 'emulated',
    },
    {
      id: 'power.stop-asleep',
      rule: 'A guest that is stopped while it sleeps is not woken: its miniport is halted with NdisHaltDevicePoweredDown, and the channel closed.',
      source: 'Microsoft Learn: MINIPORT_HALT',
      status: 'decision',
    },
    {
      id: 'power.eject-asleep',
      rule: 'A guest that sleeps answers EJECT when it wakes; when that takes too long, the VF is removed by surprise.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'power.channel-lost-asleep',
      rule: 'A channel that is lost while the guest sleeps is a surprise removal, and no other is opened until it wakes.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'power.irp-mn-stop-device',
      rule: 'IRP_MN_STOP_DEVICE pauses a device while its resources are moved, with IOCTL_VPCI_INVALIDATE_BLOCK pended.',
      source: 'Microsoft Learn: Stopping a Device to Rebalance Resources',
      status: 'not emulated',
      reason:
        'A VF has no hardware resources that Plug and Play could move. What a driver would notice of it, an IOCTL that stays pended and a mask that comes late, a guest that sleeps shows.',
    },
  ],
};
