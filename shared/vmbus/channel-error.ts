import { closeCodeName } from '../transport/close-codes.ts';
import type { CloseDetails } from '../transport/transport.ts';

/**
 * The one local failure of the channel: it is gone. It never crosses the wire. The VPCI driver turns
 * it into the NTSTATUS that completes the IRPs; to a guest, a channel that died is a device that
 * went away.
 */
export class ChannelError extends Error {
  readonly details: CloseDetails;

  constructor(details: CloseDetails) {
    super(`the channel is closed (${closeCodeName(details.code)}): ${details.reason}`);
    this.name = 'ChannelError';
    this.details = details;
  }
}
