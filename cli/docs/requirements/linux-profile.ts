import type { Area } from './requirement.ts';

const PCI_HYPERV = 'Linux pci-hyperv';

/** The life of a VF in a Linux guest. */
export const LINUX_PROFILE: Area = {
  title: 'Linux guests: the life of a VF',
  requirements: [
    {
      id: 'linux.versions',
      rule: 'The guest asks for versions 1.4, 1.3, 1.2 and 1.1, one at a time, takes the first that the host does not refuse with STATUS_REVISION_MISMATCH, and goes by the version that it asked for.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.version-fails',
      rule: 'A version query that fails with another status ends the probe of the bus with -EPROTO.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.status-signed',
      rule: 'A status of the handshake is read as a signed number: one of severity success or information is a success.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.relations-before-d0',
      rule: 'The guest sends QUERY_BUS_RELATIONS, without asking for a completion, and waits for the list before it sends FDO_D0_ENTRY.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.resource-requirements',
      rule: 'For each device that is listed anew the guest asks for its resource requirements, before it enters D0.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.d0-retry',
      rule: 'When FDO_D0_ENTRY is refused the guest sends FDO_D0_EXIT and tries once more; a second refusal ends the probe of the bus with -EPROTO.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.releases',
      rule: 'Before that FDO_D0_EXIT, and when a guest hibernates, RELEASE_RESOURCES goes out for each of 255 slots.',
      source: PCI_HYPERV,
      status: 'not emulated',
      reason:
        'No memory and no interrupts are assigned to a slot here, so that none could be released; no driver sees the message.',
    },
    {
      id: 'linux.second-query',
      rule: 'A second query of the bus relations while the first is not answered is -ENOTEMPTY.',
      source: PCI_HYPERV,
      status: 'not emulated',
      reason:
        'Only the probe and the resume of a bus query it, once each, and no driver can: the second query does not come about.',
    },
    {
      id: 'linux.resources-assigned',
      rule: 'After D0 the guest sends what memory and interrupts it has assigned for each of 256 slots, and programs the BARs.',
      source: PCI_HYPERV,
      status: 'not emulated',
      reason:
        'The BARs of a VF have no memory behind them and a VF no interrupts: the data path is no part of the backchannel.',
    },
    {
      id: 'linux.handshake-timeout',
      rule: 'A guest waits for ever for a host that does not finish the handshake; here it gives up after 30 seconds.',
      source: PCI_HYPERV,
      status: 'decision',
    },
    {
      id: 'linux.relations-whole',
      rule: 'Each list is the whole bus: a device that is missing is removed, and the channel stays open.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.relations-identity',
      rule: 'A device is the same while slot, vendor, device and serial number are; another one in its slot is removed before the new one is probed.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.relations-newest',
      rule: 'Lists and ejects are worked on one at a time, none while a driver probes; of the lists that wait only the newest counts.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.probe-fails',
      rule: 'A device whose driver does not take it stays on the bus of a Linux guest; here it ends the VF, since nothing would ever come of it.',
      source: PCI_HYPERV,
      status: 'decision',
    },
    {
      id: 'linux.eject',
      rule: 'On EJECT the driver lets go of the device, and EJECT_COMPLETE follows, after which the host rescinds the channel.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.eject-unfinished',
      rule: 'A guest that has sent EJECT_COMPLETE waits for the host to rescind the channel, on Linux for ever; here it closes the channel after 30 seconds.',
      source: PCI_HYPERV,
      status: 'decision',
    },
    {
      id: 'linux.eject-again',
      rule: 'An EJECT of a slot without a device, or of a device that is being ejected, is ignored.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.eject-before-list',
      rule: 'An EJECT that comes before the list does finds no device, and is lost: the host removes the device by force when its time is over.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.eject-while-probing',
      rule: 'An EJECT that comes while the driver probes waits until it has; one that comes before the probe leaves nothing to probe.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.teardown',
      rule: 'On removal the driver lets go of the device while the channel is open, and FDO_D0_EXIT follows, whose status does not matter; lists and ejects are ignored meanwhile, and invalidations are not.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.d0-exit-timeout',
      rule: 'The guest waits for the completion of FDO_D0_EXIT for 10 seconds.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.rescind',
      rule: 'When the channel is rescinded whoever waits and whoever calls gets -ENODEV, and nothing more is sent. Linux looks every 100 ms; here it is at once.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.malformed',
      rule: 'A message that is shorter than its kind, or not of it, is dropped by a Linux guest; here it ends the channel, and the device is removed, unless it asks for a completion, which is STATUS_BAD_DATA.',
      source: PCI_HYPERV,
      status: 'decision',
    },
    {
      id: 'linux.cycles',
      rule: 'However often a device is ejected and comes back, nothing of it is left behind.',
      source: PCI_HYPERV,
      status: 'emulated',
    },
    {
      id: 'linux.hibernation',
      rule: 'A guest that hibernates leaves D0 and closes its channel. A host here frees the VF then, so that the guest finds another instance when it wakes, and no invalidation is replayed.',
      source: PCI_HYPERV,
      status: 'decision',
    },
    {
      id: 'linux.hibernation-version',
      rule: 'When it wakes, a guest asks for no other version than the one before, and keeps the callback of a device whose serial number is the same.',
      source: PCI_HYPERV,
      status: 'not emulated',
      reason:
        'A host here frees a VF whose channel is closed, so that none comes back with its serial number: what cannot be tried is a driver whose callback outlives the sleep and is told of nothing that was invalidated meanwhile. What it has to do then, to read everything anew, it has to do for the new VF as well.',
    },
  ],
};
