import { IRQL } from '#shared/nt/irql.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { hexOf } from '#shared/trace/trace-data.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { type BlockId, isBlockId } from '#shared/vpci/config-block.ts';
import { readBlockRequest, writeBlockRequest } from '../io/config-block-request.ts';
import type { LowerDevice } from '../io/device-object.ts';
import { atLevel, type IoRule } from '../io/io-violation.ts';
import type { Irp, IrpParameters, IrpRequester } from '../io/irp.ts';
import { isBytes } from '../io/is-bytes.ts';
import {
  type InterfaceContext,
  SIZEOF_VPCI_INTERFACE_STANDARD,
  VPCI_INTERFACE_STANDARD_VERSION,
  type VpciInterfaceStandard,
} from '../io/query-interface.ts';
import { SentIrp } from '../io/sent-irp.ts';

export interface VpciInterfaceOptions {
  /** The driver that asked for the interface. */
  readonly requester: IrpRequester;
  /** The VPCI driver itself: the routines take the path of the IOCTLs. */
  readonly device: LowerDevice;
  readonly serialNumber: number;
  readonly trace: Trace;
  readonly identity: () => VfIdentity;
}

/** A VPCI_INTERFACE_STANDARD that has been referenced once, for the driver that asked. */
export function newVpciInterface(options: VpciInterfaceOptions): VpciInterfaceStandard {
  const door = new VpciInterface(options);
  return {
    size: SIZEOF_VPCI_INTERFACE_STANDARD,
    version: VPCI_INTERFACE_STANDARD_VERSION,
    context: door.context,
    interfaceReference: (context) => door.count(context, 'InterfaceReference', 1),
    interfaceDereference: (context) => door.count(context, 'InterfaceDereference', -1),
    writeVfConfigBlock: (context, blockId, buffer, length) =>
      door.write(context, blockId, buffer, length),
    readVfConfigBlock: (context, blockId, buffer, length) =>
      door.read(context, blockId, buffer, length),
    serialNumber: options.serialNumber,
  };
}

/** What is behind the routines of one VPCI_INTERFACE_STANDARD. */
class VpciInterface {
  readonly context: InterfaceContext = Object.freeze({});
  readonly #options: VpciInterfaceOptions;
  #references = 1;

  constructor(options: VpciInterfaceOptions) {
    this.#options = options;
  }

  /** Adds to the count of references, unless the interface is not in use. */
  count(context: InterfaceContext, name: string, by: 1 | -1): void {
    if (this.#misuse(context, name) === undefined) this.#references += by;
  }

  read(
    context: InterfaceContext,
    blockId: BlockId,
    buffer: Uint8Array,
    length: number,
  ): Promise<NtStatus> {
    const name = 'ReadVfConfigBlock';
    const cause = this.#record('readVfConfigBlock', name, blockId, length);
    return new Promise((resolve) => {
      const returned = this.#returning('readVfConfigBlockReturn', name, blockId, resolve);
      const refusal = this.#refusal(context, name, blockId, buffer, length);
      if (refusal !== undefined) returned(refusal);
      else this.#send(readBlockRequest(blockId, buffer, length, returned, cause));
    });
  }

  write(
    context: InterfaceContext,
    blockId: BlockId,
    buffer: Uint8Array,
    length: number,
  ): Promise<NtStatus> {
    const name = 'WriteVfConfigBlock';
    const cause = this.#record('writeVfConfigBlock', name, blockId, length, buffer);
    return new Promise((resolve) => {
      const returned = this.#returning('writeVfConfigBlockReturn', name, blockId, resolve);
      const refusal = this.#refusal(context, name, blockId, buffer, length);
      if (refusal !== undefined) returned(refusal);
      else {
        const data = buffer.subarray(0, length);
        this.#send(writeBlockRequest(blockId, data, returned, cause));
      }
    });
  }

  /** The status of a call that makes no request: the lengths that remain are the IOCTLs' to judge. */
  #refusal(
    context: InterfaceContext,
    name: string,
    blockId: BlockId,
    buffer: Uint8Array,
    length: number,
  ): NtStatus | undefined {
    const misuse = this.#misuse(context, name);
    if (misuse !== undefined) return misuse;
    const { irql } = this.#options.requester;
    if (irql.level > IRQL.APC_LEVEL) {
      const status = NTSTATUS.STATUS_INVALID_DEVICE_REQUEST;
      return this.#report('irql.vpci-routines', name, status, atLevel(irql));
    }
    const isLength = Number.isInteger(length) && length >= 0;
    if (!isBlockId(blockId) || !isLength || !isBytes(buffer)) {
      return NTSTATUS.STATUS_INVALID_PARAMETER;
    }
    return length > buffer.byteLength ? NTSTATUS.STATUS_BUFFER_TOO_SMALL : undefined;
  }

  /**
   * The status of a call to an interface that is not in use, which has been reported: on Windows it
   * would reach memory that is no longer there.
   */
  #misuse(context: InterfaceContext, name: string): NtStatus | undefined {
    if (context !== this.context) {
      return this.#report('interface.context', name, NTSTATUS.STATUS_INVALID_PARAMETER);
    }
    if (this.#references > 0) return undefined;
    return this.#report('interface.dereferenced', name, NTSTATUS.STATUS_INVALID_DEVICE_REQUEST);
  }

  #report(rule: IoRule, name: string, status: NtStatus, found?: string): NtStatus {
    this.#options.requester.violated({ rule, name, found });
    return status;
  }

  #send(request: IrpParameters): void {
    const { device, requester } = this.#options;
    device.ioCallDriver(new SentIrp(request, requester, NTSTATUS.STATUS_PENDING));
  }

  /** The return of a routine, from a completed request or with a status of its own. */
  #returning(
    hop: HopName,
    name: string,
    blockId: BlockId,
    resolve: (status: NtStatus) => void,
  ): (end: Irp | NtStatus) => void {
    return (end) => {
      const irp = typeof end === 'number' ? undefined : end;
      const status = typeof end === 'number' ? end : end.ioStatus.status;
      const { trace, identity } = this.#options;
      if (trace.enabled) {
        const length = irp?.ioStatus.information ?? 0;
        const cause = irp?.completionCause;
        const isRead = trace.keepsData && length > 0 && irp?.userBuffer !== undefined;
        const data = isRead ? hexOf(irp.userBuffer, 0, length) : undefined;
        trace.record({ hop, name, ...identity(), blockId, length, data, status, cause });
      }
      resolve(status);
    };
  }

  #record(
    hop: HopName,
    name: string,
    blockId: BlockId,
    length: number,
    written?: Uint8Array,
  ): number {
    const { trace, identity } = this.#options;
    if (!trace.enabled) return 0;
    const isWrite = trace.keepsData && isBytes(written);
    const data = isWrite ? hexOf(written, 0, length) : undefined;
    return trace.record({ hop, name, ...identity(), blockId, length, data });
  }
}
