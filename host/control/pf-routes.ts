import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ManagementOs } from '../management-os.ts';
import { chosenPf } from './chosen-pf.ts';
import { pfDetailJson, pfJson } from './pf-json.ts';
import { pfListRoute, pfRoute } from './routes.ts';

/** Adds the routes that show the PFs. */
export function addPfRoutes(app: OpenAPIHono, os: ManagementOs): void {
  app.openapi(pfListRoute, (context) => context.json({ pfs: os.pfs.map(pfJson) }, 200));
  app.openapi(pfRoute, async (context) => {
    const pf = chosenPf(os, context.req.valid('param').pf);
    return context.json(pfDetailJson(pf, await pf.view()), 200);
  });
}
