import * as z from 'zod';
import { SUBPROTOCOL } from '../transport/close-codes.ts';
import type { Descriptor } from './descriptor.ts';
import { MESSAGES } from './registry.ts';

/** The JSON Schema of every frame, by name: `READ_BLOCK`, `READ_BLOCK completion`. */
export function wireJsonSchema(): Readonly<Record<string, unknown>> {
  const frames = Object.fromEntries(MESSAGES.flatMap(framesOf));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Frames of ${SUBPROTOCOL}`,
    anyOf: Object.keys(frames).map((name) => ({ $ref: `#/$defs/${encodeURIComponent(name)}` })),
    $defs: frames,
  };
}

function framesOf(message: Descriptor): [string, unknown][] {
  const frames: [string, unknown][] = [
    [message.type, { description: message.summary, ...schemaOf(message.frame) }],
  ];
  if (message.completionFrame !== undefined) {
    frames.push([`${message.type} completion`, schemaOf(message.completionFrame)]);
  }
  return frames;
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
