/** A code with which one side closes a channel, and what it tells the other. */
interface CloseCode {
  readonly code: number;
  readonly meaning: string;
}

/**
 * The close codes of the channel: those of RFC 6455 where one fits, and 4000 to 4099 for what only
 * this channel can say.
 */
export const CLOSE_CODES = {
  normal: { code: 1000, meaning: 'the VF is gone in good order' },
  goingAway: { code: 1001, meaning: 'this side shuts down' },
  protocolError: { code: 1002, meaning: 'a message that is not allowed in this state' },
  binaryFrame: { code: 1003, meaning: 'a binary frame; only text frames are spoken' },
  lost: { code: 1006, meaning: 'the connection broke without a close frame' },
  malformedFrame: {
    code: 1007,
    meaning: 'a frame that cannot be answered: not JSON, no packet, or not in its schema',
  },
  frameTooLarge: { code: 1009, meaning: 'a frame above the size limit' },
  internalError: { code: 1011, meaning: 'this side failed' },
  noVfLeft: { code: 4001, meaning: 'all NumVFs virtual functions are allocated' },
  allocationFailed: { code: 4002, meaning: 'a request failed that brings up a VF' },
  noCommonVersion: { code: 4003, meaning: 'no VPCI protocol version in common' },
  ejected: { code: 4004, meaning: 'the host took the VF away' },
  handshakeTimeout: { code: 4005, meaning: 'the handshake took too long' },
  noSuchDevice: { code: 4006, meaning: 'the host listed no device on the bus' },
  initializeFailed: { code: 4007, meaning: 'the VF miniport failed to initialize' },
  noSuchPf: { code: 4008, meaning: 'the host has no PF of this name' },
  powerFailed: { code: 4009, meaning: 'the device could not be taken into D0' },
  sriovDisabled: { code: 4010, meaning: 'SR-IOV is not enabled on the PF, which has no VFs' },
  verifierStopped: { code: 4020, meaning: 'the verifier of the guest has stopped the VF miniport' },
} as const satisfies Record<string, CloseCode>;

/** The largest frame either side sends or takes, in bytes; the largest legal one is a few hundred. */
export const MAX_FRAME_BYTES = 16_384;

/** The subprotocol both sides must name; the number changes when the frames change incompatibly. */
export const SUBPROTOCOL = 'vpci.sriov-backchannel.v1';

/** The name of a close code: `noVfLeft`, or the bare number where none is known. */
export function closeCodeName(code: number): string {
  for (const [name, known] of Object.entries(CLOSE_CODES)) if (known.code === code) return name;
  return String(code);
}
