import { invalidateBlock, readBlock, writeBlock } from './block.ts';
import { busRelations, busRelations2, fdoD0Entry, fdoD0Exit, queryBusRelations } from './bus.ts';
import {
  configWindowRead,
  configWindowWrite,
  currentResourceRequirements,
} from './configuration.ts';
import type { Descriptor } from './descriptor.ts';
import { devicePowerStateChange, resetDevice } from './device.ts';
import { eject, ejectComplete } from './eject.ts';
import { queryProtocolVersion } from './version.ts';

/** Every message of the channel, once, in the order in which a VF's life meets them. */
export const MESSAGES = [
  queryProtocolVersion,
  queryBusRelations,
  fdoD0Entry,
  busRelations,
  busRelations2,
  currentResourceRequirements,
  devicePowerStateChange,
  configWindowRead,
  configWindowWrite,
  readBlock,
  writeBlock,
  invalidateBlock,
  resetDevice,
  eject,
  ejectComplete,
  fdoD0Exit,
] as const satisfies readonly Descriptor[];
