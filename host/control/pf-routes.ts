import type { OpenAPIHono } from '@hono/zod-openapi';
import type { PhysicalFunction } from '../physical-function.ts';
import type { ManagementOs } from '../physical-functions.ts';
import type { PfAnswer } from './api.ts';
import { chosenPf } from './chosen-pf.ts';
import { pfListRoute, pfRoute } from './routes.ts';

/** Adds the routes that show the PFs. */
export function addPfRoutes(app: OpenAPIHono, os: ManagementOs): void {
  app.openapi(pfListRoute, (context) => context.json({ pfs: os.pfs.map(pfJson) }, 200));
  app.openapi(pfRoute, (context) => {
    const { pf } = context.req.valid('param');
    return context.json(pfJson(chosenPf(os, pf)), 200);
  });
}

function pfJson({ name, driver, numVfs, vfs }: PhysicalFunction): PfAnswer {
  return { name, driver: driver ?? null, numVfs, allocatedVfs: vfs.length };
}
