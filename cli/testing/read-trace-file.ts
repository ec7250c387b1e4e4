import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '#shared/message-of.ts';
import { parseTraceFile, type TraceFile } from '#test/kit/trace-file/trace-file.ts';
import { callerPath } from '../caller-path.ts';
import { UsageError } from '../failure.ts';

/** A trace file that the user named. @throws UsageError */
export async function readTraceFile(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<TraceFile> {
  try {
    return parseTraceFile(await readFile(resolve(callerPath(file, env)), 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}`);
  }
}
