/** A driver that is bound to one device, whichever contract it was written to. */
export interface BoundDriver {
  /** Takes the device. Returns undefined, or why it was not taken, for people. */
  probe(): Promise<string | undefined>;
  /** Lets go of the device, which is gone already when `isGone`. Never rejects. */
  remove(isGone: boolean): Promise<void>;
}
