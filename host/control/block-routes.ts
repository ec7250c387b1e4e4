import type { OpenAPIHono } from '@hono/zod-openapi';
import { ndisStatusName } from '#shared/ndis/ndis-status.ts';
import type { ManagementOs } from '../management-os.ts';
import { chosenPf } from './chosen-pf.ts';
import { readBlockRoute, writeBlockRoute } from './routes.ts';
import { found } from './vf-routes.ts';

/** Adds the routes that read and write a VF's blocks at the PF, as the guest's requests do. */
export function addBlockRoutes(app: OpenAPIHono, os: ManagementOs): void {
  app.openapi(readBlockRoute, async (context) => {
    const { vfId, blockId } = context.req.valid('param');
    const query = context.req.valid('query');
    const pf = chosenPf(os, query.pf);
    const { status, data } = found(vfId, await pf.readBlock(vfId, blockId, query.length));
    const bytes = Buffer.from(data);
    const statusName = ndisStatusName(status);
    const texts = { data: bytes.toString('base64'), hex: bytes.toString('hex') };
    return context.json({ status, statusName, ...texts }, 200);
  });
  app.openapi(writeBlockRoute, async (context) => {
    const { vfId, blockId } = context.req.valid('param');
    const pf = chosenPf(os, context.req.valid('query').pf);
    const data = Buffer.from(context.req.valid('json').data, 'base64');
    const status = found(vfId, await pf.writeBlock(vfId, blockId, data));
    return context.json({ status, statusName: ndisStatusName(status) }, 200);
  });
}
