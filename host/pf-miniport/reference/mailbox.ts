import {
  isLocallyAdministered,
  isUnicastAddress,
  type MacAddress,
} from '#shared/reference-nic/mac-address.ts';
import type { MailboxRequest } from '#shared/reference-nic/mailbox-request.ts';
import type { MailboxReason } from '#shared/reference-nic/mailbox-verdict.ts';
import type { MailboxPolicy } from './vf-settings.ts';

/**
 * Why a VF's request is refused; undefined when it is granted.
 *
 * @param isTaken whether the address is that of another VF, or would be by the configuration
 */
export function refusalOf(
  request: MailboxRequest,
  policy: MailboxPolicy,
  isTaken: (address: MacAddress) => boolean,
): MailboxReason | undefined {
  if (request.kind === 'setMtu') {
    const { min, max } = policy.mtu;
    return request.mtu < min || request.mtu > max ? 'mtuOutOfRange' : undefined;
  }
  const { macAddress } = request;
  if (!isUnicastAddress(macAddress)) return 'notUnicast';
  if (!isAllowed(macAddress, policy)) return 'addressNotAllowed';
  return isTaken(macAddress) ? 'addressInUse' : undefined;
}

function isAllowed(address: MacAddress, { macAddresses }: MailboxPolicy): boolean {
  if (macAddresses === 'none') return false;
  if (macAddresses === 'locally-administered') return isLocallyAdministered(address);
  return macAddresses.includes(address);
}
