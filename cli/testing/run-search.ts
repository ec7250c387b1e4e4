import { messageOf } from '#shared/message-of.ts';
import { stackOf } from '#shared/stack-of.ts';
import { setBackgroundTimer } from '#shared/time/system.ts';
import { explore } from '#test/kit/search/explore.ts';
import { type SweptRun, sweep } from '#test/kit/search/sweep.ts';
import { UsageError } from '../failure.ts';
import { runOnce } from './run-once.ts';
import { loadScenario } from './scenario-file.ts';
import {
  END_SEARCH,
  type Found,
  PULSE_MS,
  type SearchOrder,
  type SearchReport,
} from './search-messages.ts';

/** Searches as the first message says, and tells what comes of it. */
export function runSearch(): void {
  const ending = new AbortController();
  process.on('uncaughtException', (error) => fail(error, true));
  process.once('message', (order: SearchOrder) => {
    process.on('message', (word) => {
      if (word === END_SEARCH) ending.abort();
    });
    pulse();
    searched(order, ending.signal).then(
      (found) => tell({ type: 'found', found }),
      (error: unknown) => fail(error, error instanceof UsageError),
    );
  });
}

function tell(report: SearchReport): void {
  process.send?.(report);
}

function pulse(): void {
  tell({ type: 'alive' });
  setBackgroundTimer(PULSE_MS, pulse);
}

function fail(error: unknown, isMisuse: boolean): void {
  const message = isMisuse ? messageOf(error) : (stackOf(error) ?? messageOf(error));
  tell({ type: 'failed', message, isMisuse });
}

async function searched(order: SearchOrder, signal: AbortSignal): Promise<Found> {
  const { kind, file, flags, env, beyondTheModel, seeds, firstSeed } = order;
  const { scenario, path, drivers } = await loadScenario(file, flags, env);
  const facts = { name: scenario.name, path, drivers };
  const common = {
    beyondTheModel,
    signal,
    onProgress: (done: number, all: number, unknown = 0) =>
      tell({ type: 'progress', done, all, unknown }),
  };
  return await runOnce(async () => {
    if (kind === 'sweep') {
      const onRun = (run: SweptRun): void => tell({ type: 'run', run });
      return { facts, sweep: await sweep(scenario, { ...common, onRun }) };
    }
    const onShrink = (runs: number): void => tell({ type: 'shrinking', runs });
    return { facts, explore: await explore(scenario, { ...common, seeds, firstSeed, onShrink }) };
  }, file);
}
