import type { StatusAnswer } from '#host/control/api.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { printable } from '#shared/text/printable.ts';
import { CommandFailure } from '../failure.ts';
import { jsonText } from '../text/json-text.ts';
import { type CommandIo, print } from './command-io.ts';

/**
 * Prints the completion of an OID request.
 *
 * @param what the request: `VF 1: OID_SRIOV_RESET_VF`
 * @param text what is printed of a success, when that is more than its status
 * @throws CommandFailure when the status is not NDIS_STATUS_SUCCESS; the JSON is printed all the same
 */
export async function printCompletion(
  io: CommandIo,
  flags: { readonly json?: true },
  what: string,
  answer: StatusAnswer,
  text = `${printable(`${what}: ${answer.statusName}`)}\n`,
): Promise<void> {
  const succeeded = answer.status === NDIS_STATUS.NDIS_STATUS_SUCCESS;
  if (flags.json) await print(io, `${jsonText(answer, 2)}\n`);
  else if (succeeded) await print(io, text);
  if (!succeeded) throw new CommandFailure(`${what}: ${answer.statusName}`);
}
