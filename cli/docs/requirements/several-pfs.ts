import type { Area } from './requirement.ts';

/** A management OS with more than one PF. */
export const SEVERAL_PFS: Area = {
  title: 'Several PFs on a host',
  requirements: [
    {
      id: 'pfs.own-vfs',
      rule: 'VFIds belong to a PF: two PFs may give out the same one, and no VF sees blocks, masks or statuses of another PF or of another VF.',
      source: 'Microsoft Learn: OID_NIC_SWITCH_ALLOCATE_VF, NDIS_NIC_SWITCH_VF_PARAMETERS',
      status: 'emulated',
    },
    {
      id: 'pfs.one-hangs',
      rule: 'Each PF has OID requests of its own: a PF miniport that hangs or throws delays the VFs of its PF and no others.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'pfs.guest-names',
      rule: 'A guest names the PF of which it wants a VF; one that names none gets a VF of the first PF, and one that names a PF which is not there is refused.',
      source:
        'The emulator: on Windows the management OS connects the network adapter of a VM to a virtual switch',
      status: 'decision',
    },
    {
      id: 'pfs.failed-start',
      rule: 'A host of which a PF does not initialize does not start: it says which PF, and halts the others.',
      source: 'The emulator: on Windows each adapter starts by itself',
      status: 'decision',
    },
    {
      id: 'pfs.generations',
      rule: 'VF instances are numbered over all PFs of a host, so that no two have one serial number, or are asked for with one MAC address.',
      source: 'The emulator: documents do not say how the virtualization stack numbers VFs',
      status: 'decision',
    },
  ],
};
