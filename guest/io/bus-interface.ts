/** What became of a call of a {@link BusInterfaceStandard}. */
export interface BusDataMoved {
  /** Bytes read or written, from the first on; 0 is the failure. */
  readonly count: number;
  /** The trace event of the return; 0 when none is known. Not of Windows. */
  readonly cause: number;
}

/**
 * BUS_INTERFACE_STANDARD: the bus driver's routines that NDIS calls for the configuration space of a
 * device, and no others of it. On Windows they return when the access is done; a promise stands for
 * the call that waits for its host. `cause` is the trace event that led to the call.
 *
 * Source: wdm.h; Microsoft Learn: GET_SET_DEVICE_DATA.
 */
export interface BusInterfaceStandard {
  /** GetBusData. */
  getBusData(
    dataType: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    cause: number,
  ): Promise<BusDataMoved>;

  /** SetBusData. */
  setBusData(
    dataType: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    cause: number,
  ): Promise<BusDataMoved>;
}
