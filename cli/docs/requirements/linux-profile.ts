import type { Area } from './requirement.ts';

const PCI_HYPERV = 'Linux pci-hyperv';

/** What differs between a Linux guest and a Windows guest, and what hosts have done to either. */
export const LINUX_PROFILE: Area = {
  title: 'Linux guests',
  requirements: [
    {
      id: 'linux.host-of-2018',
      rule: 'Some hosts that shipped in 2018 refuse a WRITE_BLOCK whose packet does not end four bytes behind its data.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.host-of-2018.status',
      rule: 'Such a host refuses with STATUS_BAD_DATA, as any host does a packet that is too short.',
      source: PCI_HYPERV,
      status: 'decision',
    },
  ],
};
