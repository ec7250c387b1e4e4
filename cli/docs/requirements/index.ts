import { ACTORS } from './actors.ts';
import { BRING_UP } from './bring-up.ts';
import { CONCURRENCY } from './concurrency.ts';
import { CONFIG_SPACE } from './config-space.ts';
import { CONSTANTS } from './constants.ts';
import { CONTRADICTIONS } from './contradictions.ts';
import { HV_VHCA } from './hv-vhca.ts';
import { INVALIDATE } from './invalidate.ts';
import { IOCTLS } from './ioctls.ts';
import { IRQL } from './irql.ts';
import { LAYOUTS } from './layouts.ts';
import { LINUX_BLOCKS } from './linux-blocks.ts';
import { LINUX_PROFILE } from './linux-profile.ts';
import { MESSAGES } from './messages.ts';
import { OID_STATUSES } from './oid-statuses.ts';
import { OIDS } from './oids.ts';
import { PCIVIRT } from './pcivirt.ts';
import { PENDED_IOCTL } from './pended-ioctl.ts';
import { POWER } from './power.ts';
import { READ } from './read.ts';
import type { Area, Requirement } from './requirement.ts';
import { SEVERAL_PFS } from './several-pfs.ts';
import { STATUSES } from './statuses.ts';
import { TEARDOWN } from './teardown.ts';
import { VF_STATES } from './vf-states.ts';
import { VPCI_INTERFACE } from './vpci-interface.ts';
import { WRITE } from './write.ts';

/** Every rule of the backchannel, in the order in which a reader meets them. */
export const AREAS: readonly Area[] = [
  ACTORS,
  READ,
  WRITE,
  INVALIDATE,
  CONCURRENCY,
  SEVERAL_PFS,
  IOCTLS,
  VPCI_INTERFACE,
  OID_STATUSES,
  CONFIG_SPACE,
  STATUSES,
  IRQL,
  BRING_UP,
  TEARDOWN,
  POWER,
  VF_STATES,
  PENDED_IOCTL,
  CONTRADICTIONS,
  OIDS,
  CONSTANTS,
  LAYOUTS,
  MESSAGES,
  LINUX_PROFILE,
  LINUX_BLOCKS,
  HV_VHCA,
  PCIVIRT,
];

export const REQUIREMENTS: readonly Requirement[] = AREAS.flatMap((area) => area.requirements);
