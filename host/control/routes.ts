import { createRoute, type RouteConfig, type z } from '@hono/zod-openapi';
import {
  apiErrorBody,
  blockAnswer,
  blockRequest,
  healthAnswer,
  hostAnswer,
  invalidateAnswer,
  invalidateRequest,
  pfDetailAnswer,
  pfListAnswer,
  statusAnswer,
  vfDetailAnswer,
  vfListAnswer,
} from './api.ts';
import { blockPath, pfPath, pfQuery, readQuery, traceQuery, vfPath } from './parameters.ts';
import { traceLine } from './trace-line.ts';

/** What each route takes and answers: the server follows it, and the OpenAPI document is made of it. */

function json<T extends z.ZodType>(name: string, schema: T, description: string) {
  return { description, content: { 'application/json': { schema: schema.openapi(name) } } };
}

function body<T extends z.ZodType>(name: string, schema: T) {
  const content = { 'application/json': { schema: schema.openapi(name) } };
  return { content, required: true };
}

const refused = { default: json('Error', apiErrorBody, 'a refusal, with its reason') };

export const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether every PF is initialized and VFs can be attached; asks for no token',
  security: [],
  responses: { 200: json('Health', healthAnswer, 'it is'), ...refused },
});

export const hostRoute = createRoute({
  method: 'get',
  path: '/v1/host',
  summary: 'The management OS process',
  responses: { 200: json('Host', hostAnswer, 'the process'), ...refused },
});

export const pfListRoute = createRoute({
  method: 'get',
  path: '/v1/pfs',
  summary: 'Every PF; the first serves the guests that name none',
  responses: { 200: json('PfList', pfListAnswer, 'the PFs'), ...refused },
});

export const pfRoute = createRoute({
  method: 'get',
  path: '/v1/pfs/{pf}',
  summary: 'One PF, with what NDIS tells of it',
  request: { params: pfPath },
  responses: { 200: json('PfDetail', pfDetailAnswer, 'the PF'), ...refused },
});

export const vfListRoute = createRoute({
  method: 'get',
  path: '/v1/vfs',
  summary: 'Every allocated VF, by PF and VFId',
  request: { query: pfQuery },
  responses: { 200: json('VfList', vfListAnswer, 'the VFs'), ...refused },
});

export const vfRoute = createRoute({
  method: 'get',
  path: '/v1/vfs/{vfId}',
  summary: 'One VF, with what the PF miniport shows of it',
  request: { params: vfPath, query: pfQuery },
  responses: { 200: json('VfDetail', vfDetailAnswer, 'the VF'), ...refused },
});

export const resetRoute = createRoute({
  method: 'post',
  path: '/v1/vfs/{vfId}/reset',
  summary: 'Issues OID_SRIOV_RESET_VF and waits for its completion',
  request: { params: vfPath, query: pfQuery },
  responses: { 200: json('Status', statusAnswer, 'its completion'), ...refused },
});

export const ejectRoute = createRoute({
  method: 'post',
  path: '/v1/vfs/{vfId}/eject',
  summary: 'Sends EJECT to the guest; a VF that is not given back in time is taken by surprise',
  request: { params: vfPath, query: pfQuery },
  responses: { 202: { description: 'the guest is asked' }, ...refused },
});

export const readBlockRoute = createRoute({
  method: 'get',
  path: '/v1/vfs/{vfId}/blocks/{blockId}',
  summary: 'Issues OID_SRIOV_READ_VF_CONFIG_BLOCK and waits for its completion',
  request: { params: blockPath, query: readQuery },
  responses: { 200: json('Block', blockAnswer, 'its completion, whatever the status'), ...refused },
});

export const writeBlockRoute = createRoute({
  method: 'put',
  path: '/v1/vfs/{vfId}/blocks/{blockId}',
  summary: 'Issues OID_SRIOV_WRITE_VF_CONFIG_BLOCK and waits for its completion',
  request: { params: blockPath, query: pfQuery, body: body('BlockData', blockRequest) },
  responses: {
    200: json('Status', statusAnswer, 'its completion, whatever the status'),
    ...refused,
  },
});

export const invalidateRoute = createRoute({
  method: 'post',
  path: '/v1/vfs/{vfId}/invalidate',
  summary: "Calls NdisMInvalidateConfigBlock in the PF miniport's name",
  request: { params: vfPath, query: pfQuery, body: body('Blocks', invalidateRequest) },
  responses: {
    200: json('BlockMask', invalidateAnswer, 'the mask it was called with'),
    ...refused,
  },
});

/** Typed as any answers, since the library knows no type for lines of JSON. */
const traceAnswers: RouteConfig['responses'] = {
  200: {
    description: 'events, and the numbers of those that the reader was too slow for',
    content: { 'application/x-ndjson': { schema: traceLine.openapi('TraceLine') } },
  },
  ...refused,
};

export const traceRoute = createRoute({
  method: 'get',
  path: '/v1/trace',
  summary: 'The hops of this process, one JSON object on each line; blank lines say nothing',
  request: { query: traceQuery },
  responses: traceAnswers,
});
