import * as z from 'zod';
import { messageOf } from '#shared/message-of.ts';
import { CommandFailure } from '../failure.ts';
import { parseJson } from '../text/json-text.ts';
import { textOf } from './response-body.ts';

const vfsAnswer = z.object({ vfs: z.array(z.object({ device: z.string(), phase: z.string() })) });
const refusal = z.object({ error: z.string() });

/** Where each VF of a guest stands. */
export type GuestVfs = z.output<typeof vfsAnswer>;

/**
 * Puts the guest with this health port to sleep, or wakes it; resolves when its VFs are at rest.
 *
 * @throws CommandFailure
 */
export async function changePower(port: number, what: 'suspend' | 'resume'): Promise<GuestVfs> {
  const url = `http://127.0.0.1:${port}`;
  const { ok, status, body } = await post(`${url}/${what}`).catch((error: unknown) => {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw new CommandFailure(
      `no guest answers at ${url} (${messageOf(cause)}): start one with --health-port ${port}`,
    );
  });
  const answer = vfsAnswer.safeParse(body);
  if (ok && answer.success) return answer.data;
  const why = refusal.safeParse(body).data?.error ?? 'is it a guest of this version?';
  throw new CommandFailure(`what answers at ${url} refuses (HTTP ${status}): ${why}`);
}

async function post(url: string) {
  const response = await fetch(url, { method: 'POST', redirect: 'error' });
  const { ok, status } = response;
  return { ok, status, body: parseJson(await textOf(response)) };
}
