import type { TraceReader } from './trace-reader.ts';

/**
 * What a reader gets, as a stream of JSON lines. It is made as fast as it is read: the reader's own
 * bounded queue is the only one. A blank line says nothing but that the host lives.
 *
 * @param onEnd called once, when the stream has been read to its end or its reader has gone
 */
export function traceStream(
  reader: TraceReader,
  onEnd: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let gone = false;
  return new ReadableStream(
    {
      async pull(controller) {
        const lines = await reader.next();
        if (gone) return;
        if (lines === undefined) {
          controller.close();
          onEnd();
          return;
        }
        const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
        controller.enqueue(encoder.encode(text === '' ? '\n' : text));
      },
      cancel() {
        gone = true;
        onEnd();
      },
    },
    { highWaterMark: 0 },
  );
}
