import { z } from '@hono/zod-openapi';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { traceEvent } from '#shared/trace/trace-event-schema.ts';

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
