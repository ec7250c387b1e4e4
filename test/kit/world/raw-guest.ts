import { VERSION_1_1, VPCI_PROTOCOL_VERSIONS } from '#shared/wire/version.ts';
import { RawPeer } from './raw-peer.ts';
import { turn } from './turn.ts';
import type { Link } from './world-links.ts';

/** A guest that speaks frames by hand, to a host that is real. */
export class RawGuest extends RawPeer {
  /** Agrees on a version and enters D0. */
  async enterD0(version: number = VPCI_PROTOCOL_VERSIONS[0].version): Promise<void> {
    this.request('QUERY_PROTOCOL_VERSION', { protocolVersion: version });
    this.request('FDO_D0_ENTRY');
    await turn();
  }

  /** Asks for a version that every host here accepts, and goes no further. */
  async agreeOnVersion(): Promise<void> {
    await this.ask('QUERY_PROTOCOL_VERSION', { protocolVersion: VERSION_1_1 });
  }

  read(blockId: number, bytesRequested: number, slot = 0): number {
    return this.request('READ_BLOCK', { blockId, slot, bytesRequested });
  }

  write(blockId: number, bytes: Uint8Array, byteCount = bytes.byteLength, slot = 0): number {
    const base64 = Buffer.from(bytes).toString('base64');
    return this.request('WRITE_BLOCK', { blockId, slot, byteCount, bytes: base64 });
  }

  /** The masks of the INVALIDATE_BLOCK messages received. */
  get masks(): readonly bigint[] {
    return this.received
      .filter(({ message }) => message.type === 'INVALIDATE_BLOCK')
      .map(({ message }) => BigInt(String(message['blockMask'])));
  }
}

/** A {@link RawGuest}, and its channel. */
export interface AttachedRawGuest {
  readonly guest: RawGuest;
  readonly link: Link;
}
