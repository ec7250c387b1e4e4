import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import {
  isConfigurationRange,
  offsetNote,
  PCI_WHICHSPACE_CONFIG,
} from '#shared/pci/configuration-space.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace, TraceEntry } from '#shared/trace/trace.ts';
import { vfEntry } from '#shared/trace/vf-entry.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import type { Channel } from '#shared/vmbus/channel.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { SLOT } from '#shared/wire/codecs.ts';
import { configWindowRead, configWindowWrite } from '#shared/wire/configuration.ts';
import type { CompletionOf } from '#shared/wire/descriptor.ts';
import type { BusDataMoved, BusInterfaceStandard } from '../io/bus-interface.ts';
import { Turns } from '../vf-miniport/turns.ts';

interface Call {
  readonly name: 'GetBusData' | 'SetBusData';
  readonly dataType: number;
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** How one access of a processor ended. */
interface Access {
  readonly status: NtStatus;
  readonly cause: number;
}

/**
 * The configuration window of the VF's bus, through which the VPCI driver serves the configuration
 * space of its device: in accesses of 4, 2 and 1 bytes, as a processor makes them. The window shows
 * one slot at a time, and published guests hold a lock from selecting it to the access; so accesses
 * go one after the other here, and a call waits for those before it. A call ends with the first
 * access that fails, and counts the bytes before it.
 *
 * Source: Linux pci-hyperv; OpenVMM vpci.
 */
export class ConfigWindow implements BusInterfaceStandard {
  readonly #channel: Channel;
  readonly #trace: Trace;
  readonly #identity: () => VfIdentity;
  readonly #turns = new Turns();

  constructor(channel: Channel, trace: Trace, identity: () => VfIdentity) {
    this.#channel = channel;
    this.#trace = trace;
    this.#identity = identity;
  }

  getBusData(
    dataType: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    cause: number,
  ): Promise<BusDataMoved> {
    return this.#call({ name: 'GetBusData', dataType, buffer, offset, length }, cause);
  }

  /** The bytes are taken when it is called. */
  setBusData(
    dataType: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    cause: number,
  ): Promise<BusDataMoved> {
    const data = buffer.slice(0, length);
    return this.#call({ name: 'SetBusData', dataType, buffer: data, offset, length }, cause);
  }

  #call(call: Call, cause: number): Promise<BusDataMoved> {
    const { name, offset, length } = call;
    const note = offsetNote(offset);
    const called = this.#record('busInterfaceCall', name, { length, note, cause });
    return this.#turns.take(() => this.#move(call, called));
  }

  async #move(call: Call, called: number): Promise<BusDataMoved> {
    const { offset, length } = call;
    const { STATUS_SUCCESS, STATUS_INVALID_PARAMETER } = NTSTATUS;
    let status: NtStatus = isInWindow(call) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    let cause = called;
    let count = 0;
    while (status === STATUS_SUCCESS && count < length) {
      const size = accessSize(offset + count, length - count);
      const access = await (call.name === 'GetBusData'
        ? this.#read(call, count, size, called)
        : this.#write(call, count, size, called));
      ({ status, cause } = access);
      if (status === STATUS_SUCCESS) count += size;
    }
    const entry = { length: count, status, cause };
    return { count, cause: this.#record('busInterfaceReturn', call.name, entry) };
  }

  /** A success without a value is none; nor is one whose value has no room any more. */
  #read({ buffer, offset }: Call, at: number, size: number, called: number): Promise<Access> {
    return new Promise((resolve) => {
      const message = { slot: SLOT, offset: offset + at, bytesRequested: size };
      const completed = (reply: ReadReply, cause: number): void => {
        if (reply instanceof ChannelError) {
          resolve({ status: NTSTATUS.STATUS_DEVICE_NOT_CONNECTED, cause });
        } else if (reply.status !== NTSTATUS.STATUS_SUCCESS) {
          resolve({ status: reply.status, cause });
        } else if (reply.value === undefined || at + size > buffer.byteLength) {
          resolve({ status: NTSTATUS.STATUS_UNSUCCESSFUL, cause });
        } else {
          for (let byte = 0; byte < size; byte++) buffer[at + byte] = reply.value >>> (8 * byte);
          resolve({ status: NTSTATUS.STATUS_SUCCESS, cause });
        }
      };
      this.#channel.request(configWindowRead, message, completed, called);
    });
  }

  #write({ buffer, offset }: Call, at: number, size: number, called: number): Promise<Access> {
    let value = 0;
    for (let byte = size - 1; byte >= 0; byte--) value = value * 256 + (buffer[at + byte] ?? 0);
    const message = { slot: SLOT, offset: offset + at, byteCount: size, value };
    return new Promise((resolve) => {
      this.#channel.request(
        configWindowWrite,
        message,
        (reply, cause) => {
          const isLost = reply instanceof ChannelError;
          const status = isLost ? NTSTATUS.STATUS_DEVICE_NOT_CONNECTED : reply.status;
          resolve({ status, cause });
        },
        called,
      );
    });
  }

  #record(hop: HopName, name: string, entry: Partial<TraceEntry>): number {
    const trace = this.#trace;
    return trace.enabled ? trace.record(vfEntry(hop, name, this.#identity(), entry)) : 0;
  }
}

type ReadReply = CompletionOf<typeof configWindowRead> | ChannelError;

/** Whether a call is for configuration space, and for bytes that it and the caller's buffer have. */
function isInWindow({ dataType, buffer, offset, length }: Call): boolean {
  const isConfiguration = dataType === PCI_WHICHSPACE_CONFIG;
  return isConfiguration && isConfigurationRange(offset, length) && length <= buffer.byteLength;
}

/** The largest access that begins at `offset`, is aligned, and has no more than `left` bytes. */
function accessSize(offset: number, left: number): number {
  if (offset % 4 === 0 && left >= 4) return 4;
  return offset % 2 === 0 && left >= 2 ? 2 : 1;
}
