import * as z from 'zod';
import { HOPS, type HopName } from './hops.ts';

const hopNames = Object.keys(HOPS).filter(isHopName);

function isHopName(name: string): name is HopName {
  return Object.hasOwn(HOPS, name);
}

/** The most, either way, that a Date can hold. */
const MOST_TIME = 8.64e15;

/** An event of a trace that comes from another process, or from a file. */
export const traceEvent = z.object({
  seq: z.int().min(1),
  at: z.number().min(-MOST_TIME).max(MOST_TIME).describe('milliseconds since the Unix epoch'),
  hop: z.enum(hopNames),
  name: z.string(),
  device: z.string().optional(),
  pf: z.string().optional(),
  vfId: z.int().optional(),
  generation: z.int().optional(),
  transactionId: z.int().optional(),
  blockId: z.int().optional(),
  length: z.int().optional(),
  mask: z
    .string()
    .regex(/^0x[0-9a-f]{1,16}$/)
    .optional(),
  status: z
    .int()
    .optional()
    .describe('NDIS_STATUS, NTSTATUS or negative errno: the hop says which'),
  cause: z.int().optional().describe('the seq of the event that led to this one'),
  note: z.string().optional(),
});
