/** For authors of VF miniports, and for programs that run a guest OS of their own. */

export * from '#shared/miniport-author.ts';
export * from '#shared/os-author.ts';

// Running a guest OS

export { createGuestOs } from './create-guest-os.ts';
export { GuestOs, type GuestOsOptions, type GuestVf } from './guest-os.ts';
export { type Dial, type DialOptions, type DialResult, webSocketDial } from './vmbus/dial.ts';

// Writing a VF miniport

export {
  parseInvalidateInfo,
  SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO,
} from './ndis/invalidate-info.ts';
export {
  type BusStatistics,
  defineVfMiniport,
  type NdisHaltAction,
  type VfAdapter,
  type VfMiniport,
  type VfMiniportFactory,
} from './ndis/vf-miniport.ts';
export { type ConfigBlockVf, configBlockVf } from './vf-miniport/config-block-vf.ts';
