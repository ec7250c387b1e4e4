import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { VERIFIER_RULES } from '#shared/verifier/rules.ts';

const HERE = new URL('.', import.meta.url);

describe('the rules of the verifier', () => {
  test('are each tried on a driver that breaks it and on one that does not', () => {
    const tests = readdirSync(fileURLToPath(HERE)).filter((name) => name.endsWith('.test.ts'));
    const text = tests.map((name) => readFileSync(new URL(name, HERE), 'utf8')).join('\n');
    const tried = new Set([...text.matchAll(/ id: '([a-z.-]+)'/g)].map(([, id]) => id));
    expect(Object.keys(VERIFIER_RULES).filter((id) => !tried.has(id))).toEqual([]);
  });

  test('are sentences, with a source by name', () => {
    for (const { rule, source } of Object.values(VERIFIER_RULES)) {
      expect(rule).toMatch(/^[A-Z].+\.$/);
      expect(source).toMatch(/^Microsoft Learn: ./);
    }
  });
});
