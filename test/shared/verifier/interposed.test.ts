import { describe, expect, test } from 'vitest';
import { documentedName, type Interposer, interposed } from '#shared/verifier/interposed.ts';

class Miniport {
  readonly #secret = 7;
  readonly version = 6;
  readonly none = null;
  answer(by: number): number {
    return this.#secret + by;
  }
}

/** Says which functions were called, and lets them through. */
function noting(calls: string[]): Interposer {
  return {
    function:
      (name, original) =>
      (...args) => {
        calls.push(name);
        return original(...args);
      },
    missing: (name) => (name === 'foreign' ? () => calls.push('foreign!') : undefined),
  };
}

describe('an object with something in place of its functions', () => {
  test('calls those of its class on itself, and has its other members as they are', () => {
    const calls: string[] = [];
    const object = interposed(new Miniport(), noting(calls));
    expect([object.answer(3), object.version, object.none]).toEqual([10, 6, null]);
    expect(calls).toEqual(['answer']);
    expect(object.answer).toBe(object.answer);
  });

  test('has what stands in for a missing function, which is no member', () => {
    const calls: string[] = [];
    const object = interposed<object>({}, noting(calls));
    Reflect.get(object, 'foreign')();
    expect(calls).toEqual(['foreign!']);
    expect('foreign' in object).toBe(false);
    expect(Reflect.get(object, 'other')).toBeUndefined();
  });

  test('calls a function that was put in the place of another one later', () => {
    const calls: string[] = [];
    const miniport = { answer: () => 1 };
    const object = interposed(miniport, noting(calls));
    expect(object.answer()).toBe(1);
    miniport.answer = () => 2;
    expect(object.answer()).toBe(2);
  });

  test('has replaced members instead of its own, functions with what stands in for them', () => {
    const calls: string[] = [];
    const replaced = { answer: () => 5, version: 7 };
    const object = interposed({ answer: () => 1, version: 6 }, noting(calls), replaced);
    expect([object.answer(), object.version]).toEqual([5, 7]);
    expect(calls).toEqual(['answer']);
  });
});

test('the documented name of a function begins with a capital letter', () => {
  expect(documentedName('ndisMReadConfigBlock')).toBe('NdisMReadConfigBlock');
});
