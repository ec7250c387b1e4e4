import { messageOf } from '#shared/message-of.ts';

/**
 * MajorNdisVersion and MinorNdisVersion, with which a miniport driver registers: 6 and 30 for NDIS
 * 6.30. Source: Microsoft Learn: NDIS_MINIPORT_DRIVER_CHARACTERISTICS.
 */
export interface NdisVersion {
  readonly majorNdisVersion: number;
  readonly minorNdisVersion: number;
}

/** Miniports of NDIS 5 and before have other entry points. */
const OLDEST_MAJOR_VERSION = 6;
const LARGEST_UCHAR = 0xff;

/**
 * Whether NDIS issues IOCTL_VPCI_INVALIDATE_BLOCK for a miniport that registers with this version: it
 * does from 6.30 on. A miniport that names no version has that of this NDIS.
 *
 * @throws Error when it is no version, for which NdisMRegisterMiniportDriver has NDIS_STATUS_BAD_VERSION
 */
export function ndisIssuesInvalidate(version: NdisVersion | undefined): boolean {
  if (version === undefined) return true;
  const { majorNdisVersion: major, minorNdisVersion: minor } = version;
  if (!isUchar(major) || !isUchar(minor) || major < OLDEST_MAJOR_VERSION) {
    const found = `${messageOf(major)}.${messageOf(minor)}`;
    throw new Error(`NDIS_STATUS_BAD_VERSION: it registers with NDIS ${found}, not 6.0 or later`);
  }
  return major > 6 || minor >= 30;
}

function isUchar(value: unknown): boolean {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST_UCHAR
  );
}
