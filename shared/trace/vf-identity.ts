/** Which VF an event belongs to, as far as the side that reports it knows. */
export interface VfIdentity {
  /** Which VF of which guest, as both partitions know it: `g1/0`. */
  readonly device: string;
  /** Only the management OS knows it. */
  readonly vfId?: number | undefined;
  /** The VF instance: the serial number in its bus relations. */
  readonly generation?: number | undefined;
}
