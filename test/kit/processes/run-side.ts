import { messageOf } from '#shared/message-of.ts';
import { stackOf } from '#shared/stack-of.ts';
import { turns } from '../world/turn.ts';
import { startGuestSide } from './guest-side.ts';
import { startHostSide } from './host-side.ts';
import type { Order, Question, QuestionName } from './orders.ts';
import { report } from './reports.ts';
import type { Answers, StartedSide } from './side.ts';

/** Runs a process of a world: the first message is its order, all others are questions. */
export function runSide(): void {
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (error: unknown) => {
      report({ type: 'stray', message: stackOf(error) ?? messageOf(error) });
    });
  }
  process.once('message', (order: Order) => {
    start(order).then(serve, (error: unknown) => {
      report({ type: 'failed', id: undefined, message: messageOf(error) });
      process.exit(1);
    });
  });
}

function start(order: Order): Promise<StartedSide> {
  return order.side === 'host' ? startHostSide(order) : startGuestSide(order);
}

function serve({ parts, answers, url }: StartedSide): void {
  const { faults } = parts;
  const all: Answers = {
    turns,
    cut: (device) => parts.side.cut(device),
    resume: (id) => faults.resume(id),
    release: () => void faults.release(),
    ...answers,
  };
  process.on('message', ({ id, name, takes }: Question) => {
    answer(all, name, takes).then(
      (gives) => {
        report({ type: 'answer', id, gives });
        if (name === 'stop') process.exit(0);
      },
      (error: unknown) => report({ type: 'failed', id, message: messageOf(error) }),
    );
  });
  report({ type: 'ready', url });
}

async function answer(answers: Answers, name: QuestionName, takes: unknown): Promise<unknown> {
  // Each takes what its own question has; TypeScript cannot follow the pair through a lookup.
  const handler = answers[name] as ((takes: unknown) => unknown) | undefined;
  if (handler === undefined) throw new Error(`${name} is not for this side`);
  return await handler(takes);
}
