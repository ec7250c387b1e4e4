import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { maskHex } from '#shared/vpci/config-block.ts';
import type { Frame } from '../kit/world/controlled-transport.ts';
import { RawPeer } from '../kit/world/raw-peer.ts';

/** How a {@link RawHost} lists its device. */
export const RAW_DEVICE = {
  vendorId: 0x15b3,
  deviceId: 0x1016,
  revisionId: 0,
  progIf: 0,
  subClass: 0,
  baseClass: 2,
  subVendorId: 0,
  subSystemId: 0,
  slot: 0,
  serialNumber: 1,
  flags: 0,
  numaNode: 0,
};

/** What a {@link RawHost} does with a request: completes it with these fields, or leaves it. */
type Answer = (frame: Frame) => object | undefined;

/**
 * A host that speaks frames by hand, to a guest that is real. It takes the guest through the
 * handshake by itself, unless {@link answers} says otherwise.
 */
export class RawHost extends RawPeer {
  /** How each type of request is answered; a type that is missing is left alone. */
  readonly answers: Record<string, Answer> = {
    QUERY_PROTOCOL_VERSION: (frame) => ({
      status: NTSTATUS.STATUS_SUCCESS,
      protocolVersion: frame.message['protocolVersion'],
    }),
    FDO_D0_ENTRY: () => {
      this.relations();
      return { status: NTSTATUS.STATUS_SUCCESS };
    },
    CURRENT_RESOURCE_REQUIREMENTS: () => ({
      status: NTSTATUS.STATUS_SUCCESS,
      probedBars: [0xffff_c00c, 0xffff_ffff, 0, 0, 0, 0],
    }),
    DEVICE_POWER_STATE_CHANGE: () => ({ status: NTSTATUS.STATUS_SUCCESS }),
    FDO_D0_EXIT: () => ({ status: NTSTATUS.STATUS_SUCCESS }),
  };

  override onFrame = (frame: Frame): void => {
    const { type } = frame.message;
    const fields = type === undefined ? undefined : this.answers[type]?.(frame);
    if (fields !== undefined) this.complete(frame.transactionId, fields);
  };

  /** Sends the list of devices. */
  relations(devices: readonly object[] = [RAW_DEVICE]): void {
    this.notify('BUS_RELATIONS2', { devices });
  }

  invalidate(mask: bigint, slot = 0): void {
    this.notify('INVALIDATE_BLOCK', { slot, blockMask: maskHex(mask) });
  }

  eject(slot = 0): void {
    this.notify('EJECT', { slot });
  }

  /** The frames of a type that came from the guest. */
  requestsOf(type: string): readonly Frame[] {
    return this.received.filter(({ message }) => message.type === type);
  }
}
