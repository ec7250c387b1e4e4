import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';

/** A driver that is bound to one device, whichever contract it was written to. */
export interface BoundDriver {
  /** Takes the device. Returns undefined, or why it was not taken, for people. */
  probe(): Promise<string | undefined>;
  /** Lets go of the device, which is gone already when `isGone`. Never rejects. */
  remove(isGone: boolean): Promise<void>;
  /** Lets nothing more of the driver run by itself, and says what it has not returned from, for people. */
  leaveBehind(): string;
  /** Issues an OID request to the driver's adapter, when it has NDIS above it. */
  oidRequest?(parameters: OidRequestParameters): Promise<CompletedOid | undefined>;
}
