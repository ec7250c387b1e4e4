import type { Area } from './requirement.ts';

const SOURCE = 'Linux pci-hyperv; OpenVMM vpci; FreeBSD vmbus_pcib';

/** The messages of the VPCI channel. */
export const MESSAGES: Area = {
  title: 'Messages of the channel',
  requirements: [
    {
      id: 'messages.bus-relations',
      rule: 'BUS_RELATIONS (0x42490000, host to guest) lists the devices on the bus: ids, class, slot and serial number.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.bus-relations2',
      rule: 'From version 1.3 on the list is sent as BUS_RELATIONS2 (0x42490019), which adds the NUMA node.',
      source: 'OpenVMM vpci; Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'messages.query-bus-relations',
      rule: 'QUERY_BUS_RELATIONS (0x42490001, guest to host) makes the host send the list; where a completion is asked for, an empty one follows.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.invalidate-device-and-bus',
      rule: 'INVALIDATE_DEVICE and INVALIDATE_BUS (0x42490002, 0x42490003) are no block invalidations.',
      source: 'OpenVMM vpci',
      status: 'not emulated',
      reason: 'Published sources give their names and nobody sends them.',
    },
    {
      id: 'messages.device-power-state-change',
      rule: 'DEVICE_POWER_STATE_CHANGE (0x42490004, guest to host) says that the device enters D0 (1) or D3 (4).',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.current-resource-requirements',
      rule: 'CURRENT_RESOURCE_REQUIREMENTS (0x42490005, guest to host) is answered with the six probed BARs.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.resources',
      rule: 'GET_RESOURCES, ASSIGNED_RESOURCES and RELEASE_RESOURCES (0x42490006, 0x42490010, 0x42490016, 0x4249001A, 0x42490011) hand out memory ranges and interrupts.',
      source: SOURCE,
      status: 'not emulated',
      reason:
        'The BARs of a VF have no memory behind them and a VF no interrupts: the data path is no part of the backchannel.',
    },
    {
      id: 'messages.fdo-d0-entry',
      rule: 'FDO_D0_ENTRY (0x42490007, guest to host) takes the bus into D0 and is completed with a status.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.second-d0-entry',
      rule: 'FDO_D0_ENTRY while the bus is in D0 is STATUS_INVALID_DEVICE_REQUEST, and the channel lives on.',
      source: 'OpenVMM vpci',
      status: 'decision',
    },
    {
      id: 'messages.fdo-d0-entry-mmio',
      rule: 'FDO_D0_ENTRY carries the address of the window through which configuration space is reached.',
      source: 'Linux pci-hyperv',
      status: 'not emulated',
      reason: 'No memory is mapped between the processes; configuration space travels in messages.',
    },
    {
      id: 'messages.config-window',
      rule: 'What a guest does in that window, and the host intercepts, travels as config-window-read and config-window-write, which are stand-ins: no VPCI messages, without a number, and in lower case.',
      source: 'Linux pci-hyperv; OpenVMM vpci',
      status: 'decision',
    },
    {
      id: 'messages.fdo-d0-exit',
      rule: 'FDO_D0_EXIT (0x42490008, guest to host) takes the bus out of D0.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.read-block',
      rule: 'READ_BLOCK is 0x42490009, guest to host.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.write-block',
      rule: 'WRITE_BLOCK is 0x4249000A, guest to host.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.eject',
      rule: 'EJECT (0x4249000B, host to guest) asks for the device in a slot.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.eject-complete',
      rule: 'EJECT_COMPLETE (0x4249000F, guest to host) gives it back; it names the slot, behind which Linux guests add a status.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.rebalance',
      rule: 'QUERY_STOP, RE_ENABLE and QUERY_STOP_FAILED (0x4249000C to 0x4249000E) let the host stop a device while its resources are moved.',
      source: SOURCE,
      status: 'not emulated',
      reason: 'The PF has no hardware resources that a rebalance could move.',
    },
    {
      id: 'messages.invalidate-block',
      rule: 'INVALIDATE_BLOCK is 0x42490012, host to guest.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.query-protocol-version',
      rule: 'QUERY_PROTOCOL_VERSION (0x42490013, guest to host) is the first message; its completion has a status and a version.',
      source: SOURCE,
      status: 'emulated',
    },
    {
      id: 'messages.version-of-the-host',
      rule: 'The version in that completion is the newest that the host speaks, whether it accepts the one that it was asked for or not; another host always says 1.3.',
      source: 'OpenVMM vpci',
      status: 'decision',
    },
    {
      id: 'messages.version-refused',
      rule: 'A version that the host does not speak is refused with STATUS_REVISION_MISMATCH, and the guest asks for a lower one.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'messages.versions',
      rule: 'The versions are 1.1 (Windows 10) to 1.6, and the three block messages exist in each.',
      source: 'OpenVMM vpci; Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'messages.version-1-0',
      rule: 'Version 1.0 is that of Windows 8.',
      source: 'OpenVMM vpci',
      status: 'not emulated',
      reason: 'The block messages came with version 1.1: at 1.0 there is no backchannel.',
    },
    {
      id: 'messages.interrupts',
      rule: 'The messages of interrupts (0x42490014, 0x42490015, 0x42490017, 0x42490018, 0x4249001B) create and delete their routes.',
      source: SOURCE,
      status: 'not emulated',
      reason: 'A VF has no interrupts here: the data path is no part of the backchannel.',
    },
    {
      id: 'messages.reset-device',
      rule: 'RESET_DEVICE (0x4249001C, guest to host, from version 1.5 on) resets the device.',
      source: 'OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'messages.tdisp-command',
      rule: 'VPCI_TDISP_COMMAND (0x4249001D, guest to host) carries the commands of a trusted device.',
      source: 'OpenVMM vpci',
      status: 'not emulated',
      reason:
        'TDISP attests and encrypts the hardware of a device; the backchannel is software and no part of it. A guest that sends it gets STATUS_BAD_DATA, as with any unknown type.',
    },
    {
      id: 'messages.slot',
      rule: 'A slot holds the device in bits 0 to 4 and the function in bits 5 to 7. A channel has one device, function 0 of device 0; a block request for any other slot is STATUS_NO_SUCH_DEVICE.',
      source: 'Linux pci-hyperv; OpenVMM vpci',
      status: 'decision',
    },
    {
      id: 'messages.length-0-or-above-128',
      rule: 'A block request of 0 bytes, or of more than 128, that a guest sends all the same is STATUS_INVALID_PARAMETER, and the PF is not asked.',
      source: 'Linux pci-hyperv; OpenVMM vpci',
      status: 'decision',
    },
    {
      id: 'messages.unknown-type',
      rule: 'A message of an unknown type is completed with STATUS_BAD_DATA (0xC000090B) if a completion is asked for, and the channel lives on.',
      source: 'OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'messages.malformed',
      rule: 'A packet that is not in the schema of its type is completed with STATUS_BAD_DATA if a completion is asked for, and the channel lives on.',
      source: 'OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'messages.unanswerable',
      rule: 'A frame that is not JSON or is no packet, and a malformed packet for which no completion is asked, close their channel with 1007, where a published host would drop the latter; every other VF keeps running.',
      source: 'OpenVMM vpci',
      status: 'decision',
    },
    {
      id: 'messages.unserved-before-version',
      rule: 'Until a version is agreed a packet that is malformed, or of an unknown type, ends its channel.',
      source: 'OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'messages.binary-layout',
      rule: 'Each message has a packed binary layout behind the VMBus packet descriptor: READ_BLOCK with block 5, slot 0 and 16 bytes is 09 00 49 42 05 00 00 00 00 00 00 00 10 00 00 00.',
      source: 'Linux pci-hyperv',
      status: 'not emulated',
      reason:
        'Messages are JSON text with the documented names, numbers and fields, so that a person can read them; neither miniport ever sees a packet. The bytes that are not there: a READ_BLOCK of 16 and its completion of 4 to 132; a WRITE_BLOCK of 17 to 144, with up to 4 more from Linux, and its completion of 4; an INVALIDATE_BLOCK of 16, with the slot before the mask; an EJECT of 8; an EJECT_COMPLETE of 8, or 12 from Linux; a QUERY_PROTOCOL_VERSION of 8 and its completion of 8; an FDO_D0_ENTRY of 16 and an FDO_D0_EXIT of 4; a DEVICE_POWER_STATE_CHANGE of 12, or 16 as Linux declares it; and in the lists 20 bytes a device, or 28 in BUS_RELATIONS2.',
    },
  ],
};
