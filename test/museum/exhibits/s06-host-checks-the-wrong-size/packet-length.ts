import { LinuxVirtualFunction } from '#guest/linux/linux-virtual-function.ts';
import { WRITE_PADDING_BYTES } from '#shared/wire/codecs.ts';
import type { GuestBus } from '../../../kit/world/guest-bus.ts';
import { PassingTransport } from '../../drivers/passing-transport.ts';

/** How long the packet of a write is that a guest sends. */
export type PacketLength = 'asDocumented' | 'withSpareBytes';

const WRITE_DATA = /("type":"WRITE_BLOCK".*"bytes":")([^"]*)"/;

/** pci-hyperv, with packets of writes that are as long as the documents say, or four bytes longer. */
export function busWith(length: PacketLength): GuestBus {
  return (options) => {
    const { transport } = options;
    return new LinuxVirtualFunction({
      ...options,
      transport: length === 'asDocumented' ? new ExactPackets(transport) : transport,
    });
  };
}

/** Takes from each write the spare bytes that pci-hyperv has added. */
class ExactPackets extends PassingTransport {
  override send(text: string): void {
    super.send(
      text.replace(WRITE_DATA, (_all, head: string, base64: string) => {
        const bytes = Buffer.from(base64, 'base64').subarray(0, -WRITE_PADDING_BYTES);
        return `${head}${bytes.toString('base64')}"`;
      }),
    );
  }
}
