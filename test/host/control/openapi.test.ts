import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { OperatedHost } from './operated-host.ts';

const operation = z.looseObject({
  summary: z.string(),
  responses: z.record(z.string(), z.unknown()),
});
const openApi = z.looseObject({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.string() }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  components: z.looseObject({ securitySchemes: z.record(z.string(), z.unknown()) }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
});

let host: OperatedHost;

beforeEach(async () => {
  host = await OperatedHost.start();
});

afterEach(() => host.end());

async function readDocument(): Promise<z.output<typeof openApi>> {
  return openApi.parse(await (await host.fetch('/v1/openapi.json')).json());
}

describe('the OpenAPI document', () => {
  test('has every route, with what it answers and how it refuses', async () => {
    const { openapi, info, paths } = await readDocument();
    expect([openapi, info.version]).toEqual(['3.1.0', '1.2.3']);
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([method, { responses }]) => `${method} ${path}: ${Object.keys(responses).join(' ')}`,
      ),
    );
    expect(routes.sort()).toEqual([
      'get /health: 200 default',
      'get /v1/host: 200 default',
      'get /v1/pfs/{pf}: 200 default',
      'get /v1/pfs: 200 default',
      'get /v1/trace: 200 default',
      'get /v1/vfs/{vfId}/blocks/{blockId}: 200 default',
      'get /v1/vfs/{vfId}: 200 default',
      'get /v1/vfs: 200 default',
      'post /v1/vfs/{vfId}/eject: 202 default',
      'post /v1/vfs/{vfId}/invalidate: 200 default',
      'post /v1/vfs/{vfId}/reset: 200 default',
      'put /v1/vfs/{vfId}/blocks/{blockId}: 200 default',
    ]);
  });

  test('asks for the token on every route but health', async () => {
    const { security, components, paths } = await readDocument();
    expect(security).toEqual([{ controlToken: [] }]);
    expect(components.securitySchemes['controlToken']).toEqual({ type: 'http', scheme: 'bearer' });
    const open = Object.entries(paths).filter(([, operations]) =>
      Object.values(operations).some((each) => each['security'] !== undefined),
    );
    expect(open.map(([path]) => path)).toEqual(['/health']);
  });

  test('gives the numbers of a path their type and range', async () => {
    const { paths } = await readDocument();
    const { parameters } = z
      .looseObject({ parameters: z.array(parameter) })
      .parse(paths['/v1/vfs/{vfId}/blocks/{blockId}']?.['get']);
    const numbers = parameters.filter((each) => each.schema.type === 'integer');
    expect(numbers).toEqual([
      number('vfId', 'path', true, 0, 65_535),
      number('blockId', 'path', true, 0, 4_294_967_295),
      number('length', 'query', false, 1, 128),
    ]);
  });
});

const parameter = z.looseObject({ schema: z.looseObject({ type: z.string() }) });

function number(name: string, place: string, required: boolean, minimum: number, maximum: number) {
  const schema = { type: 'integer', minimum, maximum };
  return { name, in: place, required, schema };
}
