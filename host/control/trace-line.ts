import { z } from '@hono/zod-openapi';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

const hopNames = Object.keys(HOPS).filter(isHopName);

function isHopName(name: string): name is HopName {
  return Object.hasOwn(HOPS, name);
}

const traceEvent = z.object({
  seq: z.int().min(1),
  at: z.number().describe('milliseconds since the Unix epoch'),
  hop: z.enum(hopNames),
  name: z.string(),
  device: z.string().optional(),
  pf: z.string().optional(),
  vfId: z.int().optional(),
  generation: z.int().optional(),
  transactionId: z.int().optional(),
  blockId: z.int().optional(),
  length: z.int().optional(),
  mask: z.string().optional(),
  status: z
    .int()
    .optional()
    .describe('NDIS_STATUS, NTSTATUS or negative errno: the hop says which'),
  cause: z.int().optional().describe('the seq of the event that led to this one'),
  note: z.string().optional(),
});

const dropped = z.object({
  dropped: z.int().min(1).describe('events that are missing here: the reader was too slow'),
});

/** A line of GET /v1/trace. */
export const traceLine = z.union([traceEvent, dropped]);

/** Events that a reader was too slow for. */
export interface DroppedEvents {
  readonly dropped: number;
}

export type TraceLine = TraceEvent | DroppedEvents;
