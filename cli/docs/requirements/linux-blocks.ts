import type { Area } from './requirement.ts';

const PCI_HYPERV = 'Linux pci-hyperv';

/** What a Linux guest does with blocks, and hosts with what it sends. */
export const LINUX_BLOCKS: Area = {
  title: 'Linux guests: blocks',
  requirements: [
    {
      id: 'linux.length',
      rule: 'A read or write of 0 bytes, or of more than 128, is -EINVAL, and nothing is sent; a block id may be any unsigned 32-bit number.',
      source: 'Linux pci-hyperv; Linux hyperv.h',
      status: 'emulated',
    },
    {
      id: 'linux.no-queue',
      rule: 'A request beyond 64 outstanding ones is -EAGAIN at once: nothing is queued.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.ring-full',
      rule: 'A request for which the ring has no room is -EAGAIN at once, and nothing is queued; here that is a channel whose peer takes frames more slowly than they come.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.local-close',
      rule: 'A request that is under way when the guest itself closes the channel waits on Linux for a completion that cannot come; here it is -ENODEV.',
      source: PCI_HYPERV,
      status: 'decision',
    },
    {
      id: 'linux.not-loaded',
      rule: 'Where pci-hyperv is not loaded the block functions are -EOPNOTSUPP.',
      source: 'Linux pci-hyperv-intf',
      status: 'emulated',
    },
    {
      id: 'linux.host-refuses',
      rule: 'A status other than STATUS_SUCCESS is -EIO; the status itself goes to the log alone.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.empty-read',
      rule: 'A read that succeeds with 0 bytes is -EIO. The guest sees one where lengths are exact only: as VMBus rounds them, it takes four bytes of padding for data.',
      source: PCI_HYPERV,
      status: 'decision',
    },
    {
      id: 'linux.silent-host',
      rule: 'A request waits for as long as the host does not complete it and the channel lives.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.empty-completion',
      rule: 'A completion that is too short to hold data is dropped, and who waits for it waits for ever.',
      source: PCI_HYPERV,
      status: 'not emulated',
      reason:
        'Every completion here has a status. A driver that is to be seen waiting for ever is given the same hang by a fault that drops the completion, as in linux.silent-host.',
    },
    {
      id: 'linux.unknown-completion',
      rule: 'A completion that no request waits for, unknown or doubled, is ignored, and written down: in the log on Linux, in the trace here.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.short-read',
      rule: 'Lengths are known to a multiple of 8 bytes: a read returns the lesser of what was asked and the rounded length of the packet less 20, and what is behind the data is padding.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.long-read',
      rule: 'What the host sends beyond what was asked for is cut, without an error.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.write-padding',
      rule: 'A write sends four bytes behind its data, which its byte count leaves out.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.transaction-ids',
      rule: 'Transaction ids of 1 to 64 are used again at once, so that a late completion may settle a newer request.',
      source: PCI_HYPERV,
      status: 'not emulated',
      reason:
        'No driver sees an id, and ids only ever count up here, so that a late completion which settles a newer request cannot be shown; a fault that delays a completion shows the rest of what is late.',
    },
    {
      id: 'linux.callback',
      rule: 'Each INVALIDATE_BLOCK calls the registered callback at once, in atomic context, with its own mask; masks are not merged, and nothing is acknowledged.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.no-latch',
      rule: 'An invalidation that comes while no callback is registered is dropped: nothing is latched.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.unknown-slot',
      rule: 'An INVALIDATE_BLOCK for a slot without a device is dropped.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.registration',
      rule: 'A device has one callback: the last registration wins, with its context, and a registration of NULL takes it back.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.registration-races',
      rule: 'From its registration on the callback may be called, whether or not the driver is ready for it.',
      source: 'Linux pci-hyperv; Linux mlx5 hv_vhca',
      status: 'emulated',
    },
    {
      id: 'linux.registration-torn',
      rule: 'Callback and context are stored without a lock, so that one may be seen without the other.',
      source: PCI_HYPERV,
      status: 'not emulated',
      reason:
        'A guest is one thread here; the order of a registration and an invalidation is what a driver can be tested for.',
    },
    {
      id: 'linux.wait-in-callback',
      rule: 'A callback that waits is reported: the block functions are -EDEADLK in it, because the wait would never end on Linux.',
      source: PCI_HYPERV,
      status: 'decision',
    },
    {
      id: 'linux.no-memory',
      rule: 'An invalidation is lost when there is no memory for the work that would act on it; here that is when 1,024 pieces of work wait.',
      source: 'Linux mlx5 hv_vhca',
      status: 'decision',
    },
    {
      id: 'linux.miniport',
      rule: "A VF miniport runs on Linux as well: on NDIS as ever, with the block functions in place of the VPCI driver's channel, and the callback, registered once the miniport has been initialized, in place of the latch.",
      source: PCI_HYPERV,
      status: 'decision',
    },
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
