import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DOCUMENTS } from '#cli/docs/documents.ts';
import { newProgram } from '#cli/main.ts';

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
}

describe('documents made from the code', () => {
  for (const [path, make] of Object.entries(DOCUMENTS)) {
    test(`${path} is what the code makes of it now (npm run docs)`, () => {
      expect(read(path)).toBe(make(read(path)));
    });
  }
});

describe('links', () => {
  for (const [path, least] of [
    ['README.md', 6],
    ['docs/decisions.md', 6],
    ['docs/profiles.md', 2],
    ['docs/testing.md', 4],
    ['docs/protocol.md', 0],
  ] as const) {
    test(`${path} names only files that exist`, () => {
      const text = read(path);
      const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? '');
      const code = [...text.matchAll(/`((?:host|guest|shared|cli|test)\/[^`\s]+\.ts)`/g)].map(
        (match) => `/${match[1] ?? ''}`,
      );
      const base = new URL(`../../../${path}`, import.meta.url);
      const root = new URL('../../../', import.meta.url);
      const missing = [
        ...linked.filter((link) => !existsSync(fileURLToPath(new URL(link, base)))),
        ...code.filter((file) => !existsSync(fileURLToPath(new URL(`.${file}`, root)))),
      ];
      expect(linked.length + code.length).toBeGreaterThanOrEqual(least);
      expect(missing).toEqual([]);
    });
  }
});

describe('README', () => {
  test('names every command, and no other', async () => {
    const program = await newProgram();
    const commands = new Set(program.commands.map((command) => command.name()));
    const mentioned = [...read('README.md').matchAll(/backchannel(?:\.mjs)? ([a-z]+)/g)];
    const unknown = mentioned.map((match) => match[1] ?? '').filter((name) => !commands.has(name));
    expect(mentioned.length).toBeGreaterThan(8);
    expect(unknown).toEqual([]);
    for (const name of ['pf', 'vf', 'block', 'invalidate', 'trace', 'schema', 'states']) {
      expect(mentioned.map((match) => match[1])).toContain(name);
    }
  });

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const mentioned = [...read('README.md').matchAll(/npm (?:run )?([a-z:]+)/g)].map(
      (match) => match[1] ?? '',
    );
    const names = mentioned.filter((name) => !['run', 'install'].includes(name));
    expect(names).toContain('start');
    expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('text', () => {
  test.each([
    'README.md',
    'docs/decisions.md',
    'docs/profiles.md',
    'docs/testing.md',
    'docs/protocol.md',
    'docs/conformance.md',
    'docs/verifier.md',
  ])('%s has no place left to be filled in', (path) => {
    expect(read(path)).not.toMatch(/@@|TODO|FIXME/);
  });
});
