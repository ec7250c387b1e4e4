import * as z from 'zod';
import { nicConfigSchema } from './nic-config.ts';

/** The JSON Schema of a NIC configuration file, for editors; `docs/nic.schema.json` is this text. */
export function nicConfigJsonSchema(): string {
  const schema = z.toJSONSchema(nicConfigSchema, { io: 'input' });
  return `${JSON.stringify({ title: 'NIC configuration', ...schema }, null, 2)}\n`;
}
