import type { Area } from './requirement.ts';

const CANCELLING = 'Microsoft Learn: Implementing a Cancel Routine, Canceling IRPs';

/** What becomes of the IOCTL_VPCI_INVALIDATE_BLOCK that is pended. */
export const PENDED_IOCTL: Area = {
  title: 'The pended IOCTL',
  requirements: [
    {
      id: 'pended.is-cancellable',
      rule: 'The VPCI driver makes the IOCTL cancellable, since it may pend for ever, and completes it as it is cancelled: one that is still pended five minutes later is an error.',
      source: CANCELLING,
      status: 'emulated',
    },
    {
      id: 'pended.cancel-may-lose',
      rule: 'A cancel may lose against a success, for which its caller is to be ready.',
      source: 'Microsoft Learn: Points to Consider When Canceling IRPs',
      status: 'emulated',
    },
    {
      id: 'pended.cancel-races',
      rule: 'When a cancel and an invalidation race the IOCTL is completed once, and a mask that lost waits for the next.',
      source: CANCELLING,
      status: 'emulated',
    },
    {
      id: 'pended.only-its-creator-cancels',
      rule: 'IoCancelIrp is for the creator of an IRP alone.',
      source: 'Microsoft Learn: IoCancelIrp',
      status: 'emulated',
    },
    {
      id: 'pended.halt',
      rule: 'NDIS cancels the IOCTL before it halts the VF miniport.',
      source: 'Microsoft Learn: Halting a Miniport Adapter',
      status: 'decision',
    },
    {
      id: 'pended.no-oid-after-halt',
      rule: 'An IOCTL that succeeds after the halt began is followed by no OID and no IOCTL.',
      source: 'Microsoft Learn: Halting a Miniport Adapter',
      status: 'emulated',
    },
    {
      id: 'pended.removal-completes-it',
      rule: 'A bus driver completes every request that it still holds before the device goes.',
      source: 'Microsoft Learn: Removing a Device in a Bus Driver',
      status: 'emulated',
    },
    {
      id: 'pended.low-power',
      rule: 'Out of D0, while the guest sleeps, the IOCTL stays pended, and what was ORed meanwhile completes it when D0 returns.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
    {
      id: 'pended.reset',
      rule: 'OID_SRIOV_RESET_VF leaves the IOCTL pended.',
      source: 'Microsoft Learn: OID_SRIOV_RESET_VF',
      status: 'decision',
    },
    {
      id: 'pended.channel-lost',
      rule: 'A lost channel is a rescind: every outstanding request is STATUS_DEVICE_NOT_CONNECTED, and the VF is removed by surprise.',
      source: 'Linux pci-hyperv; FreeBSD vmbus_pcib',
      status: 'decision',
    },
    {
      id: 'pended.reconnect',
      rule: 'A guest that reconnects gets another VF instance, whose miniport is initialized anew.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'pended.other-completion',
      rule: 'An IOCTL that ends with anything but STATUS_SUCCESS is followed by no OID. After STATUS_DEVICE_NOT_CONNECTED it is not issued again; after any other status the device is still started, and it is issued again after 100 ms, and after twice as long each time that it fails, up to 10 seconds.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
  ],
};
