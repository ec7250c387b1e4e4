import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { authorsFrame } from '#shared/authors-frame.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = join(root, 'somewhere');
const OURS = `    at call (${pathToFileURL(join(root, 'host', 'ndis', 'ndis.ts')).href}:3:4)`;
const NODE = '    at process.processTicksAndRejections (node:internal/process/task_queues:103:5)';
const PACKAGE = `    at run (${join(work, 'node_modules', 'x', 'index.js')}:1:2)`;

describe("the author's frame of a stack", () => {
  test('is none where the stack is all of the project, of Node or of packages', () => {
    expect(authorsFrame(['Error: broken', OURS, PACKAGE, NODE].join('\n'), work)).toBeUndefined();
    expect(authorsFrame('Error: broken', work)).toBeUndefined();
    expect(authorsFrame('    at x (file://%zz/my-pf.ts:1:2)', work)).toBeUndefined();
  });

  test.each([
    ['a path', join(work, 'my-pf.ts')],
    ['a file URL', pathToFileURL(join(work, 'my-pf.ts')).href],
    ['a file URL with a query', `${pathToFileURL(join(work, 'my-pf.ts')).href}?tsx=1`],
  ])('is the first of the author, from %s', (_what, file) => {
    const stack = ['Error: broken', OURS, `    at readBlock (${file}:12:5)`, `    at ${file}:1:1`];
    expect(authorsFrame(stack.join('\n'), work)).toBe('my-pf.ts:12:5');
  });

  test('has the whole path of a file outside the folder', () => {
    const file = join(work, 'my-pf.ts');
    expect(authorsFrame(`    at ${file}:12:5`, join(root, 'elsewhere'))).toBe(`${file}:12:5`);
  });
});
