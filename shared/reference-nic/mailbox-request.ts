import { newBlock, openBlock } from './block.ts';
import { type MacAddress, readMacAddress, writeMacAddress } from './mac-address.ts';

/** The bytes of a request to the mailbox. */
export const MAILBOX_REQUEST_SIZE = 16;

/** What a VF may ask for. */
export const MAILBOX_KIND = { setMacAddress: 1, setMtu: 2 } as const;

export type MailboxKind = keyof typeof MAILBOX_KIND;

/** What a VF asks for; its sequence, 0 to 65535, is the VF's own and comes back in the verdict. */
export type MailboxRequest =
  | {
      readonly kind: 'setMacAddress';
      readonly sequence: number;
      readonly macAddress: MacAddress;
    }
  | { readonly kind: 'setMtu'; readonly sequence: number; readonly mtu: number };

/**
 * Block 16, mailbox, as the VF writes it: 16 bytes.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 2 | layout version, 1 |
 * | 2 | 2 | sequence |
 * | 4 | 2 | kind: 1 set MAC address, 2 set MTU |
 * | 6 | 2 | reserved: 0 when written, ignored when read |
 * | 8 | 6 | kind 1: the MAC address |
 * | 8 | 4 | kind 2: the MTU in bytes |
 *
 * What follows up to offset 16 is reserved.
 */
export function encodeMailboxRequest(request: MailboxRequest): Uint8Array {
  const { bytes, view } = newBlock(MAILBOX_REQUEST_SIZE);
  view.setUint16(2, request.sequence, true);
  view.setUint16(4, MAILBOX_KIND[request.kind], true);
  if (request.kind === 'setMacAddress') writeMacAddress(view, 8, request.macAddress);
  else view.setUint32(8, request.mtu, true);
  return bytes;
}

/** The request; undefined when the bytes are none, or one of a kind that is not known. */
export function decodeMailboxRequest(bytes: Uint8Array): MailboxRequest | undefined {
  const view = openBlock(bytes, MAILBOX_REQUEST_SIZE);
  if (view === undefined) return undefined;
  const sequence = view.getUint16(2, true);
  switch (view.getUint16(4, true)) {
    case MAILBOX_KIND.setMacAddress:
      return { kind: 'setMacAddress', sequence, macAddress: readMacAddress(view, 8) };
    case MAILBOX_KIND.setMtu:
      return { kind: 'setMtu', sequence, mtu: view.getUint32(8, true) };
    default:
      return undefined;
  }
}
