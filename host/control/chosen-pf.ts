import type { ManagementOs } from '../management-os.ts';
import type { PhysicalFunction } from '../physical-function.ts';
import { ApiError } from './api-error.ts';

/**
 * The PF that a request is for: the one it names, or the only one there is.
 *
 * @throws ApiError when there is none of that name, or several and none is named
 */
export function chosenPf(os: ManagementOs, name: string | undefined): PhysicalFunction {
  const { pfs } = os;
  if (name === undefined && pfs.length === 1) return os.pf;
  const names = pfs.map((pf) => pf.name).join(', ');
  if (name === undefined) {
    throw new ApiError(400, 'which-pf', `which PF? This host has: ${names}`);
  }
  const pf = os.pfNamed(name);
  if (pf !== undefined) return pf;
  throw new ApiError(404, 'no-such-pf', `there is no PF ${name}; this host has: ${names}`);
}
