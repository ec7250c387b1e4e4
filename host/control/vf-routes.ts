import type { OpenAPIHono } from '@hono/zod-openapi';
import { ndisStatusName } from '#shared/ndis/ndis-status.ts';
import type { RecurringLog } from '#shared/recurring-log.ts';
import { maskHex, maskOfBlocks } from '#shared/vpci/config-block.ts';
import type { ManagementOs } from '../management-os.ts';
import type { InvalidateRequest } from './api.ts';
import { ApiError } from './api-error.ts';
import { chosenPf } from './chosen-pf.ts';
import { pciFunctionJson } from './pci-function-json.ts';
import { ejectRoute, invalidateRoute, resetRoute, vfListRoute, vfRoute } from './routes.ts';
import { reportJson, vfJson } from './vf-json.ts';

/** Adds the routes that show a VF and act on it as a whole. */
export function addVfRoutes(app: OpenAPIHono, os: ManagementOs, log: RecurringLog): void {
  app.openapi(vfListRoute, (context) => {
    const { pf } = context.req.valid('query');
    const pfs = pf === undefined ? os.pfs : [chosenPf(os, pf)];
    const numVfs = pfs.reduce((sum, each) => sum + each.numVfs, 0);
    const vfs = pfs.flatMap((each) => each.vfs.map((vf) => vfJson(vf, each.name)));
    return context.json({ numPfs: os.pfs.length, numVfs, vfs }, 200);
  });
  app.openapi(vfRoute, (context) => {
    const { vfId } = context.req.valid('param');
    const pf = chosenPf(os, context.req.valid('query').pf);
    const vf = found(vfId, pf.vf(vfId));
    const pciFunction = vf.pciFunction === undefined ? null : pciFunctionJson(vf.pciFunction);
    const report = reportJson(vf.report, log);
    return context.json({ ...vfJson(vf, pf.name), pciFunction, report }, 200);
  });
  app.openapi(resetRoute, async (context) => {
    const { vfId } = context.req.valid('param');
    const pf = chosenPf(os, context.req.valid('query').pf);
    const status = found(vfId, await pf.resetVf(vfId));
    return context.json({ status, statusName: ndisStatusName(status) }, 200);
  });
  app.openapi(ejectRoute, (context) => {
    const { vfId } = context.req.valid('param');
    const pf = chosenPf(os, context.req.valid('query').pf);
    if (!pf.ejectVf(vfId)) throw noSuchVf(vfId);
    return context.body(null, 202);
  });
  app.openapi(invalidateRoute, (context) => {
    const { vfId } = context.req.valid('param');
    const pf = chosenPf(os, context.req.valid('query').pf);
    const mask = maskOf(context.req.valid('json'));
    // The function itself is silent about an unknown VF; an operator should hear of a mistake.
    found(
      vfId,
      pf.vfs.find((vf) => vf.vfId === vfId),
    );
    pf.invalidate(vfId, mask);
    return context.json({ mask: maskHex(mask) }, 200);
  });
}

/** What the management OS has of a VF. @throws ApiError when that is nothing */
export function found<T>(vfId: number, value: T | undefined): T {
  if (value === undefined) throw noSuchVf(vfId);
  return value;
}

function noSuchVf(vfId: number): ApiError {
  return new ApiError(404, 'no-such-vf', `VF ${vfId} is not allocated`);
}

function maskOf(request: InvalidateRequest): bigint {
  return 'mask' in request ? BigInt(request.mask) : maskOfBlocks(request.blocks);
}
