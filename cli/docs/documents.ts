import { nicConfigJsonSchema } from '#host/pf-miniport/reference/nic-config-json-schema.ts';
import { wireJsonSchema } from '#shared/wire/json-schema.ts';
import { conformanceDocument } from './conformance-document.ts';
import { cutPointsDocument } from './cut-points-document.ts';
import { lifecycleDocument } from './lifecycle-document.ts';
import { protocolDocument } from './protocol-document.ts';
import { withSettings } from './settings-document.ts';
import { verifierDocument } from './verifier-document.ts';

/** Every file that is made from the code, wholly or in part, by its path: its text from its text. */
export const DOCUMENTS: Readonly<Record<string, (current: string) => string>> = {
  'docs/protocol.md': protocolDocument,
  'docs/conformance.md': conformanceDocument,
  'docs/lifecycle.md': lifecycleDocument,
  'docs/verifier.md': verifierDocument,
  'docs/cut-points.md': cutPointsDocument,
  'docs/wire.schema.json': () => json(wireJsonSchema()),
  'docs/nic.schema.json': nicConfigJsonSchema,
  'README.md': withSettings,
};

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
