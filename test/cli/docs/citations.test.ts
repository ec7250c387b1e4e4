import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { citationsIn, citedBy } from '#cli/docs/citations.ts';

/** A citation, put together here so that this file makes none. */
function cite(id: string): string {
  return `[${id}]`;
}

describe('the citations of a source', () => {
  test.each([
    ['code', `const type = frames${cite('frame.type')};`],
    ['a comment', `// as ${cite('a.b')} has it`],
    ['an index in a string', `'devices${cite('a.b')} of it'`],
    ['one word', `'closes with ${cite('note')} and goes on'`],
    ['a name in capitals', `'reads ${cite('message.blockId')}'`],
    ['a string that is not ended', `'it fails ${cite('a.b')}`],
  ])('are not found in %s', (_what, source) => {
    expect([...citationsIn(source)]).toEqual([]);
  });

  test('are found in every kind of string, several in one, and in the rows of a table', () => {
    const source = [
      `test('a read fails ${cite('read.length-0')} ${cite('ioctl.read.small')}', () => {});`,
      `["the second while one is pended ${cite('a.b')}", 1],`,
      `test(\`\${name} ${cite('c.d')}\`, () => {});`,
      `['it isn\\'t ${cite('e.f')}'],`,
    ].join('\n');
    expect([...citationsIn(source)]).toEqual([
      'read.length-0',
      'ioctl.read.small',
      'a.b',
      'c.d',
      'e.f',
    ]);
  });
});

describe('the files that cite a rule', () => {
  let directory = '';

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('are none in a folder that a running test has made', () => {
    directory = mkdtempSync(join(tmpdir(), 'citations-'));
    mkdirSync(join(directory, '.readme-1'));
    writeFileSync(join(directory, '.readme-1', 'a.test.ts'), `test('x ${cite('a.b')}', f);`);
    expect([...citedBy(directory)]).toEqual([]);
  });

  test('are the tests and the suites of contracts, sorted, each once', () => {
    directory = mkdtempSync(join(tmpdir(), 'citations-'));
    const source = `test('x ${cite('a.b')}', f); test('y ${cite('a.b')}', g);`;
    for (const folder of ['host', 'contract', 'support']) mkdirSync(join(directory, folder));
    for (const path of [
      'host/b.test.ts',
      'host/a.test.ts',
      'host/a.ts',
      'contract/c.ts',
      'support/d.ts',
    ]) {
      writeFileSync(join(directory, path), source);
    }
    expect([...citedBy(directory)]).toEqual([
      ['a.b', ['contract/c.ts', 'host/a.test.ts', 'host/b.test.ts']],
    ]);
  });
});
