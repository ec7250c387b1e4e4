import type { Area } from './requirement.ts';

const SET_POWER = 'Microsoft Learn: OID_SRIOV_SET_VF_POWER_STATE';
const PARAMETERS = 'Microsoft Learn: NDIS_SRIOV_SET_VF_POWER_STATE_PARAMETERS';
const HOSTS = 'OpenVMM vpci';

/** The power of a VF, and of the bus that it is on. */
export const POWER: Area = {
  title: 'Power states',
  requirements: [
    {
      id: 'power.pf-invalid-parameter',
      rule: 'A VF that is not allocated, a state that is not D0 to D3, and WakeEnable with D0 are NDIS_STATUS_INVALID_PARAMETER of OID_SRIOV_SET_VF_POWER_STATE.',
      source: `${SET_POWER}, ${PARAMETERS.slice('Microsoft Learn: '.length)}`,
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
  ],
};
