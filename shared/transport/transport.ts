/** Why a transport ended: a close code of RFC 6455 or of `close-codes.ts`, and a reason for people. */
export interface CloseDetails {
  readonly code: number;
  readonly reason: string;
}

export interface TransportEvents {
  /** A whole text frame arrived. */
  message(text: string): void;
  /** The transport is gone; called exactly once, and nothing is delivered after it. */
  close(details: CloseDetails): void;
  /** `congested` is false again. */
  drain(): void;
}

/**
 * Carries text frames, in order, between the two partitions; it knows nothing of what they say.
 * These four members are all, and stay all: what an implementation needs beyond them goes to its
 * constructor.
 */
export interface Transport {
  /** Sends one frame. After the close it does nothing. */
  send(text: string): void;
  /** Whether the peer takes frames more slowly than they are sent; a notification had better wait. */
  readonly congested: boolean;
  /** Ends the transport on both sides; again does nothing. */
  close(details: CloseDetails): void;
  /** Sets the receiver, once; what arrived before is delivered first, in order. */
  listen(events: TransportEvents): void;
}
