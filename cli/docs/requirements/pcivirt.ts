import type { Area } from './requirement.ts';

const REASON =
  'It belongs to the model of a PF driver that is no NDIS miniport; a NIC miniport has NDIS in its place.';

/** The interface of pcivirt.h, for PF drivers outside NDIS. */
export const PCIVIRT: Area = {
  title: 'PF drivers outside NDIS',
  requirements: [
    pcivirt(
      'ioctl-values',
      'IOCTL_SRIOV_NOTIFICATION is 0x00226044, IOCTL_SRIOV_EVENT_COMPLETE 0x00226048, IOCTL_SRIOV_ATTACH 0x0022604C, IOCTL_SRIOV_DETACH 0x00226050, IOCTL_SRIOV_INVALIDATE_BLOCK 0x00226054, IOCTL_SRIOV_QUERY_MITIGATED_RANGE_COUNT 0x00226058, IOCTL_SRIOV_QUERY_MITIGATED_RANGES 0x0022605C, IOCTL_SRIOV_MITIGATED_RANGE_UPDATE 0x00226060 and IOCTL_SRIOV_PROXY_QUERY_LUID 0x00226064: METHOD_BUFFERED with read access each, whatever method the header names.',
    ),
    pcivirt('all-vfs', 'SRIOV_INVALIDATE_BLOCK_ALL_VFS, 0xFFFF, names every VF.'),
    pcivirt(
      'guids',
      'GUID_DEVINTERFACE_VIRTUALIZABLE_DEVICE, A13A7A93-11F0-4BD2-A9F5-6B5C5B88527D, and GUID_SRIOV_DEVICE_INTERFACE_STANDARD, 937EE9B6-0ED3-411C-982B-1F564AFBABD3, name the device interface of such a PF.',
    ),
    pcivirt(
      'structures',
      'SRIOV_INVALIDATE_BLOCK has VfIndex at 0 and BlockMask at 8, and SRIOV_PNP_EVENT_COMPLETE a QueryStatus.',
    ),
    pcivirt(
      'block-routines',
      'SRIOV_READ_BLOCK and SRIOV_WRITE_BLOCK serve the blocks of a VfIndex, and return an NTSTATUS at PASSIVE_LEVEL.',
    ),
    pcivirt(
      'attach',
      'The stack attaches with IOCTL_SRIOV_ATTACH, once, and leaves with IOCTL_SRIOV_DETACH; a second IOCTL_SRIOV_ATTACH is STATUS_SHARING_VIOLATION.',
    ),
    pcivirt(
      'notification',
      'The stack keeps one IOCTL_SRIOV_NOTIFICATION pended, which the PF completes with a Plug and Play event, 0 to stop or 1 to restart, and the stack answers with IOCTL_SRIOV_EVENT_COMPLETE; no event completes two.',
    ),
    pcivirt(
      'invalidate',
      'The PF completes a pended IOCTL_SRIOV_INVALIDATE_BLOCK with a VfIndex and a BlockMask.',
    ),
  ],
};

function pcivirt(id: string, rule: string): Area['requirements'][number] {
  const source = 'pcivirt.h; Microsoft Learn: pcivirt.h header';
  return { id: `pcivirt.${id}`, rule, source, status: 'not emulated', reason: REASON };
}
