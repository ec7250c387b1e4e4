import * as z from 'zod';
import { CLOSE_CODES, MAX_FRAME_BYTES, SUBPROTOCOL } from '#shared/transport/close-codes.ts';
import { MAX_OUTSTANDING_REQUESTS } from '#shared/vmbus/channel.ts';
import type { Descriptor } from '#shared/wire/descriptor.ts';
import { MESSAGES } from '#shared/wire/registry.ts';
import { VPCI_PROTOCOL_VERSIONS, versionName } from '#shared/wire/version.ts';
import { EXAMPLES } from './examples.ts';

/** The text of docs/protocol.md, made from the descriptors that both processes validate with. */
export function protocolDocument(): string {
  const parts = [introduction(), overview(), ...MESSAGES.map(section), versions(), closeCodes()];
  return `${parts.join('\n\n')}\n`;
}

function introduction(): string {
  return `# The channel

<!-- Made by \`npm run docs\` from shared/wire; a test fails when it is out of date. -->

One WebSocket is one VPCI channel, and one VPCI channel is one VF. No message names a VFId: the
channel is the VF. The subprotocol is \`${SUBPROTOCOL}\`, the path \`/vpci?vm=<guest>&vf=<number>\`, with
\`&pf=<name>\` behind it for a VF of that PF instead of the host's first, and the opening request
carries \`Authorization: Bearer <channel token>\`.

A frame is a text frame with one JSON object of at most ${MAX_FRAME_BYTES.toLocaleString('en')} bytes; compression is off. There are two
kinds, as on VMBus: an *in-band* packet, whose \`completionRequested\` says whether it wants an answer,
and the *completion* of one, which repeats its \`transactionId\`. Each side counts its own transaction
ids from 1. Objects are strict: a field that is missing, unknown or out of range makes the frame
malformed.

| what arrives | what becomes of it |
| --- | --- |
| a valid frame | it is served |
| a well-formed packet of a type that this side does not take | completed with STATUS_BAD_DATA (0xC000090B) if a completion is requested, otherwise ignored; from a guest that has not agreed on a version, the channel is closed with 1002 |
| a packet that is not in the schema of its type, and requests a completion | completed with STATUS_BAD_DATA; from a guest that has not agreed on a version, the channel is closed with 1007 |
| a completion whose transaction id nothing waits for | ignored |
| more than ${MAX_OUTSTANDING_REQUESTS} requests outstanding | completed with STATUS_INSUFFICIENT_RESOURCES (0xC000009A) |
| not JSON, no packet, or malformed without a completion that could say so | the channel is closed with 1007 |
| a binary frame, a frame that is too large | closed with 1003, 1009 |
| a message before QUERY_PROTOCOL_VERSION, or that one again after it succeeded | closed with 1002 |

A status is an NTSTATUS as an unsigned number. Block data is base64; a BlockMask is a string of
\`0x\` and sixteen lower-case digits, since a JSON number cannot hold its 64 bits.
\`backchannel schema\` prints the JSON Schema of every frame.`;
}

const STAND_INS = `The two in lower case are stand-ins of this emulator and no VPCI messages. FDO_D0_ENTRY names a window
in memory of 0x2000 bytes: a guest selects the slot with a write into the first page, and has the
configuration space of the function there in the second, each access of which the host intercepts.
These processes share no memory, so each intercepted access is a packet, with the slot that was
selected.`;

function overview(): string {
  const rows = MESSAGES.map((message: Descriptor) => {
    return `| [${message.type}](#${message.type.toLowerCase()}) | ${message.number === undefined ? 'none' : hex(message.number)} | ${arrow(message)} | ${answer(message)} | ${since(message)} |`;
  });
  return [
    '## Messages',
    '',
    STAND_INS,
    '',
    '| message | number | direction | answer | since |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function section(message: Descriptor): string {
  const example = EXAMPLES[message.type];
  const parts = [
    `## ${message.type}`,
    `${message.summary} ${arrow(message)}, ${numberOf(message)}.`,
    fields(message.frame),
    json(example?.frame),
  ];
  if (message.completionFrame !== undefined) {
    const isAsked = message.kind === 'request';
    parts.push(
      isAsked ? 'Completion:' : 'Completion, where one is asked for:',
      fields(message.completionFrame),
      json(example?.completion),
    );
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

function answer({ kind, completionFrame }: Descriptor): string {
  if (completionFrame === undefined) return 'none';
  return kind === 'request' ? 'completion' : 'an empty completion, where one is asked for';
}

function numberOf({ number }: Descriptor): string {
  return number === undefined ? 'no VPCI message and without a number' : `number ${hex(number)}`;
}

function arrow(message: Descriptor): string {
  return message.direction === 'guest-to-host' ? 'guest → host' : 'host → guest';
}

function since(message: Descriptor): string {
  return message.since === 0 ? 'any' : versionName(message.since);
}

function hex(number: number): string {
  return `0x${number.toString(16).toUpperCase().padStart(8, '0')}`;
}

function json(value: object | undefined): string {
  return value === undefined ? '' : `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;
}

const propertySchema = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.unknown().optional(),
});

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

/** The table of a message's fields, read off its JSON Schema; nothing when it has none. */
function fields(frame: z.ZodType): string {
  const schema = objectSchema.parse(z.toJSONSchema(frame, { io: 'input' }));
  const rows = fieldRows(schema.properties['message'], '');
  if (rows.length === 0) return '';
  return ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function fieldRows(schema: unknown, prefix: string): string[] {
  const { properties, required } = objectSchema.parse(schema);
  return Object.entries(properties)
    .filter(([name]) => name !== 'type')
    .flatMap(([name, value]) => {
      const property = propertySchema.parse(value);
      const optional = required.includes(name) ? '' : ', optional';
      const row = `| \`${prefix}${name}\` | ${typeName(property)}${optional} | ${property.description ?? ''} |`;
      const inner =
        property.items === undefined ? [] : fieldRows(property.items, `${prefix}${name}[].`);
      return [row, ...inner];
    });
}

const WIDTHS = new Map([
  [0xff, 'u8'],
  [0xffff, 'u16'],
  [0xffffffff, 'u32'],
]);

function typeName({ type, maximum }: z.output<typeof propertySchema>): string {
  return (type === 'integer' ? WIDTHS.get(maximum ?? -1) : undefined) ?? type ?? 'any';
}

function versions(): string {
  const rows = VPCI_PROTOCOL_VERSIONS.map(
    (each) => `| ${each.name} | ${hex(each.version)} | ${each.windows} |`,
  );
  return [
    '## Protocol versions',
    '',
    '| version | number | first in |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function closeCodes(): string {
  const rows = Object.entries(CLOSE_CODES).map(
    ([name, { code, meaning }]) => `| ${code} | ${name} | ${meaning} |`,
  );
  return ['## Close codes', '', '| code | name | meaning |', '| --- | --- | --- |', ...rows].join(
    '\n',
  );
}
