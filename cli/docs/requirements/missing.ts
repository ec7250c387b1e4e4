/** What must be built before a planned rule holds. */
export const MISSING = {
  configSpace: 'needs the VF configuration space and what NDIS gives a PF to reach it',
} as const;
