import { NDIS_STATUS, type NdisStatus, ntStatusFromNdisStatus } from '#shared/ndis/ndis-status.ts';
import { viewOf } from '#shared/ndis/object-header.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { isConfigurationRange, PCI_COMMON_CONFIG } from '#shared/pci/configuration-space.ts';
import type { Respond } from '#shared/vmbus/packet-handlers.ts';
import type { configWindowRead, configWindowWrite } from '#shared/wire/configuration.ts';
import type { CompletionOf, MessageOf } from '#shared/wire/descriptor.ts';
import { readVfConfigSpace, writeVfConfigSpace } from './config-space-oids.ts';
import type { PciFunction } from './pci-function.ts';
import { dataOfRead } from './vf-oids.ts';
import type { VfInstance, VfSurroundings } from './vf-surroundings.ts';

type Read = MessageOf<typeof configWindowRead>;
type Write = MessageOf<typeof configWindowWrite>;

/** How many bytes the ids take at the start of configuration space. */
const IDS_LENGTH = PCI_COMMON_CONFIG.command;

/**
 * What a guest finds behind its configuration window: the configuration space of the one VF that it
 * has, read and written by the PF. Two things are the management OS's own:
 *
 * - The ids are those of OID_SRIOV_VF_VENDOR_DEVICE_ID, whatever the VF itself reads there.
 * - A PF miniport that does not know OID_SRIOV_READ_VF_CONFIG_SPACE leaves its guests with the header
 *   that the management OS has made up for the VF, and zeros behind it; documents are silent.
 *
 * One access of a VF is under way at a time, as with a processor that waits for its access: a guest
 * which floods them holds no more than one OID of the PF that all VFs share.
 */
export class ConfigWindow {
  readonly #surroundings: VfSurroundings;
  readonly #vf: VfInstance;
  readonly #function: PciFunction;
  #isBusy = false;

  constructor(surroundings: VfSurroundings, vf: VfInstance, pciFunction: PciFunction) {
    this.#surroundings = surroundings;
    this.#vf = vf;
    this.#function = pciFunction;
  }

  read(message: Read, respond: Respond<typeof configWindowRead>, cause: number): void {
    const { offset, bytesRequested } = message;
    if (!this.#begin(offset, bytesRequested, respond)) return;
    const { ndis } = this.#surroundings;
    const { vfId, origin } = this.#vf;
    const parameters = readVfConfigSpace(vfId, offset, bytesRequested, origin, cause);
    ndis.oidRequest(parameters, (status, request) => {
      this.#isBusy = false;
      respond(this.#completionOf(message, status, request), request.cause);
    });
  }

  write(message: Write, respond: Respond<typeof configWindowWrite>, cause: number): void {
    const { offset, byteCount, value } = message;
    if (!this.#begin(offset, byteCount, respond)) return;
    const { ndis } = this.#surroundings;
    const { vfId, origin } = this.#vf;
    const dword = new Uint8Array(4);
    viewOf(dword).setUint32(0, value, true);
    const data = dword.subarray(0, byteCount);
    ndis.oidRequest(writeVfConfigSpace(vfId, offset, data, origin, cause), (status, request) => {
      this.#isBusy = false;
      respond({ status: ntStatusFromNdisStatus(status) }, request.cause);
    });
  }

  /** Whether an access may go on. A processor makes no other than these. */
  #begin(
    offset: number,
    length: number,
    refuse: (completion: { readonly status: number }) => void,
  ): boolean {
    const isAccess = (length === 1 || length === 2 || length === 4) && offset % length === 0;
    if (!isAccess || !isConfigurationRange(offset, length)) {
      refuse({ status: NTSTATUS.STATUS_INVALID_PARAMETER });
      return false;
    }
    if (this.#isBusy) {
      refuse({ status: NTSTATUS.STATUS_INVALID_DEVICE_REQUEST });
      return false;
    }
    this.#isBusy = true;
    return true;
  }

  #completionOf(
    { offset, bytesRequested }: Read,
    status: NdisStatus,
    request: NdisOidRequest,
  ): CompletionOf<typeof configWindowRead> {
    const { header } = this.#function;
    const presented = header.subarray(offset, offset + bytesRequested);
    const isUnknown = status === NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    if (isUnknown || (status === NDIS_STATUS.NDIS_STATUS_SUCCESS && offset < IDS_LENGTH)) {
      return { status: NTSTATUS.STATUS_SUCCESS, value: numberIn(presented) };
    }
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) {
      return { status: ntStatusFromNdisStatus(status) };
    }
    const data = dataOfRead(request);
    if (data?.byteLength === bytesRequested) {
      return { status: NTSTATUS.STATUS_SUCCESS, value: numberIn(data) };
    }
    const { log } = this.#surroundings;
    const { vfId } = this.#vf;
    const { bytesWritten } = request;
    const what = { vfId, offset, bytesWritten };
    log.error(`${vfId} short`, what, 'a read of configuration space is too short');
    return { status: NTSTATUS.STATUS_UNSUCCESSFUL };
  }
}

/** The little-endian number in up to four bytes. */
function numberIn(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
