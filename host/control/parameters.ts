import { z } from '@hono/zod-openapi';
import { name } from '#shared/settings/values.ts';
import { parseTraceFilter } from '#shared/trace/trace-filter.ts';
import { VPCI_MAX_READ_WRITE_BLOCK_SIZE } from '#shared/vpci/config-block.ts';

/** The most of a wrong value that an error repeats, in characters. */
const SHOWN = 40;

/** A decimal number in a path or a query. */
function wholeNumber(least: number, most: number) {
  return z
    .string({ error: `expected one whole number from ${least} to ${most}` })
    .transform((text, context) => {
      const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      if (number >= least && number <= most) return number;
      context.addIssue(
        `${JSON.stringify(text.slice(0, SHOWN))}: expected a whole number from ${least} to ${most}`,
      );
      return z.NEVER;
    })
    .openapi({ type: 'integer', minimum: least, maximum: most });
}

const vfId = wholeNumber(0, 0xffff);

/** The path of a VF. */
export const vfPath = z.object({ vfId });

/** The PF of a VF, by its name. */
const pf = name
  .optional()
  .openapi({ description: 'the name of a PF; may be left out when the host has one' });

/** The path of a PF. */
export const pfPath = z.object({ pf: name });

/** Which PF is meant. */
export const pfQuery = z.strictObject({ pf });

/** The path of a block. */
export const blockPath = z.object({ vfId, blockId: wholeNumber(0, 0xffff_ffff) });

/** How much to read of a block. */
export const readQuery = z.strictObject({
  pf,
  length: wholeNumber(1, VPCI_MAX_READ_WRITE_BLOCK_SIZE)
    .optional()
    .transform((length) => length ?? VPCI_MAX_READ_WRITE_BLOCK_SIZE),
});

/** The most recent events that can be asked for. */
const MAX_RECENT = 1_000_000;

/** What to see of the trace. */
export const traceQuery = z.strictObject({
  filter: z
    .string({ error: 'expected one filter' })
    .optional()
    .transform((expression, context) => {
      const parsed = parseTraceFilter(expression ?? '');
      if (parsed.ok) return parsed.filter;
      context.addIssue(parsed.error);
      return z.NEVER;
    })
    .openapi({ type: 'string', description: 'key=value,…: which events; all without it' }),
  recent: wholeNumber(0, MAX_RECENT)
    .optional()
    .transform((recent) => recent ?? 0)
    .openapi({ description: 'how many of the events that are kept come first' }),
  follow: z
    .enum(['true', 'false'], { error: 'expected true or false' })
    .optional()
    .transform((follow) => follow === 'true')
    .openapi({ description: 'whether events follow as they happen, until either side ends it' }),
});
