import { Buffer } from 'node:buffer';
import { devicePowerStateName } from '../ndis/device-power-state.ts';
import { offsetNote } from '../pci/configuration-space.ts';
import type { HopName } from '../trace/hops.ts';
import type { Trace } from '../trace/trace.ts';
import type { VfIdentity } from '../trace/vf-identity.ts';
import { closeCodeName } from '../transport/close-codes.ts';
import type { CloseDetails } from '../transport/transport.ts';
import type { Direction } from '../wire/descriptor.ts';

/** The hops of one side of a channel. */
interface SideHops {
  readonly sent: HopName;
  readonly received: HopName;
  readonly completionSent: HopName;
  readonly completionReceived: HopName;
}

const SIDES: Readonly<Record<Direction, SideHops>> = {
  'guest-to-host': {
    sent: 'guestPacketSent',
    received: 'hostPacketReceived',
    completionSent: 'guestCompletionSent',
    completionReceived: 'hostCompletionReceived',
  },
  'host-to-guest': {
    sent: 'hostPacketSent',
    received: 'guestPacketReceived',
    completionSent: 'hostCompletionSent',
    completionReceived: 'guestCompletionReceived',
  },
};

/** Reports what one side of a channel sends and receives. */
export class ChannelTracer {
  readonly #trace: Trace;
  readonly #hops: SideHops;
  /** Replaced when more becomes known: a guest learns its generation from the bus relations. */
  identity: VfIdentity;

  constructor(trace: Trace, sends: Direction, identity: VfIdentity) {
    this.#trace = trace;
    this.#hops = SIDES[sends];
    this.identity = identity;
  }

  sent(name: string, transactionId: number, message: object, cause: number): number {
    return this.#record(this.#hops.sent, name, transactionId, message, cause);
  }

  received(name: string, transactionId: number, message: object, note?: string): number {
    return this.#record(this.#hops.received, name, transactionId, message, 0, note);
  }

  completionSent(name: string, transactionId: number, message: object, cause: number): void {
    this.#recordCompletion(this.#hops.completionSent, name, transactionId, message, cause);
  }

  completionReceived(name: string, transactionId: number, message: object, cause: number): number {
    const hop = this.#hops.completionReceived;
    return this.#recordCompletion(hop, name, transactionId, message, cause);
  }

  /** A completion that nothing waits for; it is ignored. */
  unexpected(transactionId: number): void {
    const note = 'a completion of an unknown transaction id, ignored';
    const hop = this.#hops.completionReceived;
    this.#recordCompletion(hop, 'completion', transactionId, {}, 0, note);
  }

  closed(details: CloseDetails): void {
    if (!this.#trace.enabled) return;
    const note = `${closeCodeName(details.code)}: ${details.reason}`;
    this.#trace.record({ hop: 'channelClosed', name: 'channel closed', ...this.identity, note });
  }

  #record(
    hop: HopName,
    name: string,
    transactionId: number,
    message: object,
    cause: number,
    note?: string,
  ): number {
    if (!this.#trace.enabled) return 0;
    const { device, vfId, generation } = this.identity;
    const fields: MessageFields = message;
    const { blockId, blockMask } = fields;
    return this.#trace.record({
      hop,
      name,
      device,
      vfId,
      generation,
      transactionId,
      blockId: numberOf(blockId),
      length: numberOf(fields.bytesRequested ?? fields.byteCount),
      data: undefined,
      mask: typeof blockMask === 'string' ? blockMask : undefined,
      status: undefined,
      cause,
      note: note ?? (blockId === undefined ? noteOf(fields) : undefined),
    });
  }

  #recordCompletion(
    hop: HopName,
    name: string,
    transactionId: number,
    message: object,
    cause: number,
    note?: string,
  ): number {
    if (!this.#trace.enabled) return 0;
    const { device, vfId, generation } = this.identity;
    const { status, bytes }: MessageFields = message;
    return this.#trace.record({
      hop,
      name,
      device,
      vfId,
      generation,
      transactionId,
      blockId: undefined,
      length: lengthOf(bytes),
      data: undefined,
      mask: undefined,
      status: numberOf(status),
      cause,
      note,
    });
  }
}

/**
 * What the trace shows of a message, whichever it is. Each member that a message may lack is looked for
 * in vain as often as it passes, so a packet is asked for none that only completions have.
 */
interface MessageFields {
  readonly blockId?: unknown;
  readonly blockMask?: unknown;
  readonly bytesRequested?: unknown;
  readonly byteCount?: unknown;
  readonly powerState?: unknown;
  readonly offset?: unknown;
  /** Of a completion. */
  readonly status?: unknown;
  /** Of a completion. */
  readonly bytes?: unknown;
}

function numberOf(field: unknown): number | undefined {
  return typeof field === 'number' ? field : undefined;
}

function noteOf({ powerState, offset }: MessageFields): string | undefined {
  if (typeof powerState === 'number') return devicePowerStateName(powerState);
  return typeof offset === 'number' ? offsetNote(offset) : undefined;
}

/** The number of bytes that a base64 field spells. */
function lengthOf(base64: unknown): number | undefined {
  return typeof base64 === 'string' ? Buffer.byteLength(base64, 'base64') : undefined;
}
