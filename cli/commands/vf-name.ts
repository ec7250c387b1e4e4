/** How a VF is told of: `VF 1`, or `VF 1 of PF net` where that was named. */
export function vfName(vfId: number, { pf }: { readonly pf?: string }): string {
  return pf === undefined ? `VF ${vfId}` : `VF ${vfId} of PF ${pf}`;
}
