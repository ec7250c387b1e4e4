/** One frame of every message, and one of every completion; a test holds them to the schemas. */
export const EXAMPLES: Readonly<
  Record<string, { readonly frame: object; readonly completion?: object }>
> = {
  QUERY_PROTOCOL_VERSION: {
    frame: request(1, { type: 'QUERY_PROTOCOL_VERSION', protocolVersion: 0x00010006 }),
    completion: completion(1, { status: 0, protocolVersion: 0x00010006 }),
  },
  QUERY_BUS_RELATIONS: {
    frame: notification(2, { type: 'QUERY_BUS_RELATIONS' }),
    completion: completion(2, {}),
  },
  FDO_D0_ENTRY: {
    frame: request(2, { type: 'FDO_D0_ENTRY' }),
    completion: completion(2, { status: 0 }),
  },
  BUS_RELATIONS: {
    frame: notification(1, { type: 'BUS_RELATIONS', devices: [device()] }),
  },
  BUS_RELATIONS2: {
    frame: notification(1, {
      type: 'BUS_RELATIONS2',
      devices: [{ ...device(), flags: 0, numaNode: 0 }],
    }),
  },
  DEVICE_POWER_STATE_CHANGE: {
    frame: request(3, { type: 'DEVICE_POWER_STATE_CHANGE', slot: 0, powerState: 1 }),
    completion: completion(3, { status: 0 }),
  },
  CURRENT_RESOURCE_REQUIREMENTS: {
    frame: request(3, { type: 'CURRENT_RESOURCE_REQUIREMENTS', slot: 0 }),
    completion: completion(3, {
      status: 0,
      probedBars: [0xffffc00c, 0xffffffff, 0xfffff00c, 0xffffffff, 0, 0],
    }),
  },
  'config-window-read': {
    frame: request(5, { type: 'config-window-read', slot: 0, offset: 0, bytesRequested: 4 }),
    completion: completion(5, { status: 0, value: 0x0001fffe }),
  },
  'config-window-write': {
    frame: request(6, {
      type: 'config-window-write',
      slot: 0,
      offset: 4,
      byteCount: 2,
      value: 0x0004,
    }),
    completion: completion(6, { status: 0 }),
  },
  READ_BLOCK: {
    frame: request(4, { type: 'READ_BLOCK', blockId: 5, slot: 0, bytesRequested: 16 }),
    completion: completion(4, { status: 0, bytes: 'BQUFBQUFBQUFBQUFBQUFBQ==' }),
  },
  WRITE_BLOCK: {
    frame: request(5, {
      type: 'WRITE_BLOCK',
      blockId: 64,
      slot: 0,
      byteCount: 3,
      bytes: 'qrvM',
    }),
    completion: completion(5, { status: 0xc000000d }),
  },
  INVALIDATE_BLOCK: {
    frame: notification(2, {
      type: 'INVALIDATE_BLOCK',
      slot: 0,
      blockMask: '0x8000000000000001',
    }),
  },
  RESET_DEVICE: {
    frame: request(6, { type: 'RESET_DEVICE', slot: 0 }),
    completion: completion(6, { status: 0 }),
  },
  EJECT: { frame: notification(3, { type: 'EJECT', slot: 0 }) },
  EJECT_COMPLETE: { frame: notification(7, { type: 'EJECT_COMPLETE', slot: 0 }) },
  FDO_D0_EXIT: {
    frame: request(8, { type: 'FDO_D0_EXIT' }),
    completion: completion(8, { status: 0 }),
  },
};

function request(transactionId: number, message: object): object {
  return { packet: 'in-band', transactionId, completionRequested: true, message };
}

function notification(transactionId: number, message: object): object {
  return { packet: 'in-band', transactionId, completionRequested: false, message };
}

function completion(transactionId: number, message: object): object {
  return { packet: 'completion', transactionId, message };
}

function device(): object {
  return {
    vendorId: 0x1414,
    deviceId: 1,
    revisionId: 0,
    progIf: 0,
    subClass: 0,
    baseClass: 2,
    subVendorId: 0,
    subSystemId: 0,
    slot: 0,
    serialNumber: 1,
  };
}
