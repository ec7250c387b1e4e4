import type { NtStatus } from '#shared/nt/ntstatus.ts';
import type { DriverIrp, NextStackLocation } from './driver-irp.ts';
import { Irp, type IrpParameters, type IrpRequester } from './irp.ts';
import { isBytes } from './is-bytes.ts';
import type { QueryInterface } from './query-interface.ts';

/**
 * A request of a driver of the VF, as it reaches the VPCI driver. One for each time that the driver
 * sends its IRP: a late answer to the last use of an IRP cannot complete the next one.
 */
export class SentIrp extends Irp {
  readonly #requester: IrpRequester;

  /** `status` is what IoStatus.Status holds before it is completed. */
  constructor(parameters: IrpParameters, requester: IrpRequester, status: NtStatus) {
    super(parameters);
    this.#requester = requester;
    this.ioStatus.status = status;
  }

  override get requester(): IrpRequester {
    return this.#requester;
  }
}

/** The parameters of a request whose trace event is known only once they are. */
export type RequestParameters = IrpParameters & { cause: number };

/**
 * The request that a driver's IRP and its next stack location make now; undefined when they hold what
 * none can be made of. Later changes do not reach it, but for those in the buffers.
 */
export function requestOf(
  irp: DriverIrp,
  location: NextStackLocation,
  completionRoutine: () => void,
): RequestParameters | undefined {
  const { majorFunction, minorFunction, ioControlCode, type3InputBuffer } = location;
  const { inputBufferLength, outputBufferLength } = location;
  const { userBuffer } = irp;
  const queryInterface = queryOf(location.queryInterface);
  const isSound =
    isUlong(majorFunction) &&
    isUlong(minorFunction) &&
    isUlong(ioControlCode) &&
    isUlong(inputBufferLength) &&
    isUlong(outputBufferLength) &&
    isBuffer(type3InputBuffer) &&
    isBuffer(userBuffer) &&
    queryInterface !== 'unsound';
  if (!isSound) return undefined;
  return {
    majorFunction,
    minorFunction,
    ioControlCode,
    inputBufferLength,
    outputBufferLength,
    type3InputBuffer,
    userBuffer,
    queryInterface,
    completionRoutine,
    cause: 0,
  };
}

function isUlong(value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value;
}

function isBuffer(value: unknown): boolean {
  return value === undefined || isBytes(value);
}

/** A copy, in which the answer comes; undefined for NULL. */
function queryOf(value: unknown): QueryInterface | undefined | 'unsound' {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null) return 'unsound';
  const { interfaceType, size, version }: Partial<QueryInterface> = value;
  return typeof interfaceType === 'string' && isUlong(size) && isUlong(version)
    ? { interfaceType, size, version, interface: undefined }
    : 'unsound';
}
