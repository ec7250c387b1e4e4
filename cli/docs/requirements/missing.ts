/** What must be built before a planned rule holds. */
export const MISSING = {
  power: 'needs the power states of a VF and of its bus',
  configSpace: 'needs the VF configuration space and what NDIS gives a PF to reach it',
} as const;
