import type * as z from 'zod';
import type { MacAddress } from '#shared/reference-nic/mac-address.ts';

/** What of a NIC configuration says who has which address. */
interface ConfiguredAddresses {
  readonly vfs?: Readonly<Record<string, { readonly mac?: MacAddress | undefined }>> | undefined;
}

/** The address that a VF has while it has asked for no other. */
export function configuredMacAddress(
  config: ConfiguredAddresses,
  {
    vfId,
    permanentMacAddress,
  }: { readonly vfId: number; readonly permanentMacAddress: MacAddress },
): MacAddress {
  return config.vfs?.[vfId]?.mac ?? permanentMacAddress;
}

/** The VF, allocated or not, to which the configuration gives the address. */
export function configuredOwner(
  config: ConfiguredAddresses,
  address: MacAddress,
): number | undefined {
  const owner = Object.entries(config.vfs ?? {}).find(([, { mac }]) => mac === address);
  return owner === undefined ? undefined : Number(owner[0]);
}

/** Refuses a configuration that gives two VFs one address. */
export function checkMacAddresses(config: ConfiguredAddresses, context: z.RefinementCtx): void {
  for (const [vfId, { mac }] of Object.entries(config.vfs ?? {})) {
    if (mac === undefined) continue;
    const owner = configuredOwner(config, mac);
    if (owner === Number(vfId)) continue;
    const message = `an address of its own: VF ${owner} has this one`;
    context.addIssue({ code: 'custom', path: ['vfs', vfId, 'mac'], message });
  }
}
