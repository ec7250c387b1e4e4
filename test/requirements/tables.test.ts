import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { citationsIn } from '#cli/docs/citations.ts';
import { PENDED_IOCTL } from '#cli/docs/requirements/pended-ioctl.ts';
import type { Area } from '#cli/docs/requirements/requirement.ts';
import { VF_STATES } from '#cli/docs/requirements/vf-states.ts';

/** Areas whose rules are the rows of a table, which a reader finds whole in one test. */
const TABLES: readonly (readonly [file: string, area: Area])[] = [
  ['scenario/state-table.test.ts', VF_STATES],
  ['scenario/pended-ioctl.test.ts', PENDED_IOCTL],
];

test.each(TABLES)('%s has a case for every rule of its table', (file, { requirements }) => {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const cited = citationsIn(readFileSync(path, 'utf8'));
  expect(requirements.map(({ id }) => id).filter((id) => !cited.has(id))).toEqual([]);
});
