import * as z from 'zod';
import { ntStatus, slot, u8, u16, u32 } from './codecs.ts';
import { defineAcknowledged, defineNotification, defineRequest } from './descriptor.ts';
import { VERSION_1_1, VERSION_1_3 } from './version.ts';

/** The most devices a bus relations message lists; this channel's bus has one. */
const MAX_DEVICES = 32;

const deviceShape = {
  vendorId: u16,
  deviceId: u16,
  revisionId: u8,
  progIf: u8,
  subClass: u8,
  baseClass: u8,
  subVendorId: u16,
  subSystemId: u16,
  slot,
  serialNumber: u32.describe('one number for each VF instance; a VF allocated anew has another'),
};

/** The description of a device in BUS_RELATIONS. */
export const busDevice = z.strictObject(deviceShape);

/** The description of a device in BUS_RELATIONS2, which adds where its memory is near. */
export const busDevice2 = z.strictObject({
  ...deviceShape,
  flags: u32.describe('bit 0: the NUMA node is valid'),
  numaNode: u16,
});

export type BusDevice = z.output<typeof busDevice>;

export const queryBusRelations = defineAcknowledged(
  {
    type: 'QUERY_BUS_RELATIONS',
    number: 0x42490001,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary: 'Asks for the list of devices; Linux guests do so before they enter D0.',
  },
  {},
);

export const busRelations = defineNotification(
  {
    type: 'BUS_RELATIONS',
    number: 0x42490000,
    direction: 'host-to-guest',
    since: VERSION_1_1,
    summary: 'Lists every device on the bus; one that is missing has been removed.',
  },
  { devices: z.array(busDevice).max(MAX_DEVICES) },
);

export const busRelations2 = defineNotification(
  {
    type: 'BUS_RELATIONS2',
    number: 0x42490019,
    direction: 'host-to-guest',
    since: VERSION_1_3,
    summary: 'BUS_RELATIONS with the NUMA node of each device.',
  },
  { devices: z.array(busDevice2).max(MAX_DEVICES) },
);

export const fdoD0Entry = defineRequest(
  {
    type: 'FDO_D0_ENTRY',
    number: 0x42490007,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary: 'The bus enters D0; the host lists its devices before it completes this.',
  },
  {},
  { status: ntStatus },
);

export const fdoD0Exit = defineRequest(
  {
    type: 'FDO_D0_EXIT',
    number: 0x42490008,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary: 'The bus leaves D0; blocks can be neither read nor written until it enters it again.',
  },
  {},
  { status: ntStatus },
);
