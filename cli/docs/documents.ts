import { wireJsonSchema } from '#shared/wire/json-schema.ts';
import { protocolDocument } from './protocol-document.ts';

/** Every file that is made from the code, by its path, and what makes its text. */
export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/protocol.md': protocolDocument,
  'docs/wire.schema.json': () => `${JSON.stringify(wireJsonSchema(), undefined, 2)}\n`,
};
