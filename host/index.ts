/** For authors of PF miniports, and for programs that run a management OS of their own. */

export * from '#shared/miniport-author.ts';
export * from '#shared/os-author.ts';

// Running a management OS

export { type CreateManagementOsOptions, createManagementOs } from './create-management-os.ts';
export { ManagementOs, type ManagementOsOptions, type PfOptions } from './management-os.ts';
export { PhysicalFunction } from './physical-function.ts';
export type { PfView } from './virtualization-stack/pf-view.ts';
export type { VfView } from './virtualization-stack/vf.ts';
export type { VfOffer } from './virtualization-stack/virtualization-stack.ts';
export { ChannelListener, type ListenerOptions } from './vmbus/listener.ts';

// Writing a PF miniport

export {
  type ConfigBlockParameters,
  parseConfigBlockParameters,
  SIZEOF_CONFIG_BLOCK_PARAMETERS,
} from './ndis/config-block-parameters.ts';
export {
  NDIS_DEFAULT_SWITCH_ID,
  NDIS_INVALID_SWITCH_ID,
  NDIS_INVALID_VF_FUNCTION_ID,
} from './ndis/function-id.ts';
export type { NicSwitchInfo } from './ndis/nic-switch-info.ts';
export {
  definePfMiniport,
  type PfAdapter,
  type PfMiniport,
  type PfMiniportFactory,
  type PfVfReport,
} from './ndis/pf-miniport.ts';
export {
  NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS,
  parseSetVfPowerStateParameters,
  type VfPowerStateParameters,
} from './ndis/vf-power-state-parameters.ts';
export {
  type BlockAnswer,
  type ConfigBlockPf,
  configBlockPf,
} from './pf-miniport/config-block-pf.ts';
