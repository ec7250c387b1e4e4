/** The largest answer that is read, in characters: far above what a host of 65,535 VFs says. */
const MAX_TEXT = 67_108_864;

/** The longest line that is read, in characters. */
const MAX_LINE = 1_048_576;

/** A whole answer. @throws Error when it breaks off or does not end */
export async function textOf(response: Response): Promise<string> {
  let text = '';
  for await (const piece of piecesOf(response)) {
    text += piece;
    if (text.length > MAX_TEXT) throw new Error(`the answer is longer than ${MAX_TEXT}`);
  }
  return text;
}

/** An answer line by line, as it comes. @throws Error when it breaks off, or a line does not end */
export async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of piecesOf(response)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new Error(`a line is longer than ${MAX_LINE}`);
    yield* lines;
  }
}

async function* piecesOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  for await (const bytes of response.body) yield decoder.decode(bytes, { stream: true });
}
