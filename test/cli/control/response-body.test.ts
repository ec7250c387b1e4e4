import { describe, expect, test } from 'vitest';
import { linesOf, textOf } from '#cli/control/response-body.ts';

/** A response whose body comes in these pieces. */
function responseOf(...pieces: readonly Uint8Array[]): Response {
  return new Response(
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
        controller.close();
      },
    }),
  );
}

async function collect(response: Response): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(response)) lines.push(line);
  return lines;
}

describe('linesOf', () => {
  test('a line that does not end is given up', async () => {
    const piece = Buffer.alloc(600_000, 'x');
    await expect(collect(responseOf(piece, piece))).rejects.toThrow('a line is longer than');
  });

  test('what comes after the last line end is no line: it broke off', async () => {
    expect(await collect(responseOf(Buffer.from('one\ntw')))).toEqual(['one']);
  });

  test('lines are whole, however the pieces are cut', async () => {
    const bytes = Buffer.from('{"é":1}\n\n{"b":2}\n');
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await collect(responseOf(...single))).toEqual(['{"é":1}', '', '{"b":2}']);
  });
});

describe('textOf', () => {
  test('a character that is cut in two is whole again', async () => {
    const [first = 0, second = 0] = Buffer.from('é');
    expect(await textOf(responseOf(Uint8Array.of(first), Uint8Array.of(second)))).toBe('é');
  });

  test('an answer without a body is empty', async () => {
    expect(await textOf(new Response(null, { status: 202 }))).toBe('');
  });
});
