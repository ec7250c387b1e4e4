import type * as z from 'zod';
import type { MacAddress } from '#shared/reference-nic/mac-address.ts';
import { defaultMacAddress, vfIdOfDefaultMacAddress } from './default-mac-address.ts';

/** What of a NIC configuration says who has which address. */
interface ConfiguredAddresses {
  readonly vfs?: Readonly<Record<string, { readonly mac?: MacAddress | undefined }>> | undefined;
}

/** The address that a VF has while it has asked for no other. */
export function configuredMacAddress(config: ConfiguredAddresses, vfId: number): MacAddress {
  return config.vfs?.[vfId]?.mac ?? defaultMacAddress(vfId);
}

/** The VF, allocated or not, to which the configuration gives the address. */
export function configuredOwner(
  config: ConfiguredAddresses,
  address: MacAddress,
): number | undefined {
  const explicit = Object.entries(config.vfs ?? {}).find(([, { mac }]) => mac === address);
  return explicit === undefined ? ownerByDefault(config, address) : Number(explicit[0]);
}

/** The VF that has the address because the configuration gives it no other. */
function ownerByDefault(config: ConfiguredAddresses, address: MacAddress): number | undefined {
  const vfId = vfIdOfDefaultMacAddress(address);
  return vfId === undefined || configuredMacAddress(config, vfId) !== address ? undefined : vfId;
}

/** Refuses a configuration in which two VFs have one address, be it configured or a default. */
export function checkMacAddresses(config: ConfiguredAddresses, context: z.RefinementCtx): void {
  for (const [vfId, { mac }] of Object.entries(config.vfs ?? {})) {
    if (mac === undefined) continue;
    const owner = configuredOwner(config, mac);
    const other = owner === Number(vfId) ? ownerByDefault(config, mac) : owner;
    if (other === undefined || other === Number(vfId)) continue;
    const message = `an address of its own: VF ${other} has this one`;
    context.addIssue({ code: 'custom', path: ['vfs', vfId, 'mac'], message });
  }
}
