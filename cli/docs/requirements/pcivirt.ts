import type { Area } from './requirement.ts';

const REASON =
  'It belongs to the model of a PF driver that is no NDIS miniport; a NIC miniport has NDIS in its place.';

/** The interface of pcivirt.h, for PF drivers outside NDIS. */
export const PCIVIRT: Area = {
  title: 'PF drivers outside NDIS',
  requirements: [
    pcivirt(
      'ioctl-values',
      'The IOCTL_SRIOV codes are 0x00226044 (IOCTL_SRIOV_NOTIFICATION) to 0x00226064 (IOCTL_SRIOV_PROXY_QUERY_LUID), METHOD_BUFFERED with read access each.',
    ),
    pcivirt('all-vfs', 'SRIOV_INVALIDATE_BLOCK_ALL_VFS, 0xFFFF, names every VF.'),
    pcivirt(
      'guids',
      'GUID_DEVINTERFACE_VIRTUALIZABLE_DEVICE and GUID_SRIOV_DEVICE_INTERFACE_STANDARD name the device interface of such a PF.',
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
      'The stack attaches with IOCTL_SRIOV_ATTACH, once, and leaves with IOCTL_SRIOV_DETACH.',
    ),
    pcivirt(
      'notification',
      'The stack keeps one IOCTL_SRIOV_NOTIFICATION pended, which the PF completes with a Plug and Play event and the stack answers with IOCTL_SRIOV_EVENT_COMPLETE.',
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
