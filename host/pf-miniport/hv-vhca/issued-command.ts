import type { ControlBlock } from '#shared/hv-vhca/control-block.ts';
import type { Clock, Timer } from '#shared/time/clock.ts';

/**
 * Milliseconds that a VF may take to acknowledge a command before that is reported. Documents are
 * silent, and a VF that never does is possible: one without the agent that is commanded writes nothing.
 */
const ACKNOWLEDGE_TIMEOUT_MS = 5000;

/** How far the VF has come: `overdue` is still waited for, and has been reported. */
export type Acknowledgement = 'waiting' | 'received' | 'overdue';

/** A command that the PF has put into block 0 of a VF, until it is withdrawn. */
export class IssuedCommand {
  /** The bits of the agents that are commanded. */
  readonly control: number;
  readonly command: number;
  readonly #timer: Timer;
  #acknowledgement: Acknowledgement = 'waiting';

  constructor(control: number, command: number, clock: Clock, onOverdue: () => void) {
    this.control = control;
    this.command = command;
    this.#timer = clock.setTimer(ACKNOWLEDGE_TIMEOUT_MS, () => {
      this.#acknowledgement = 'overdue';
      onOverdue();
    });
  }

  get acknowledgement(): Acknowledgement {
    return this.#acknowledgement;
  }

  /**
   * Takes what the VF wrote to block 0. Returns whether the command is acknowledged by it, which it is
   * once. A VF that has read the block before the command was in it answers what it has read, and
   * thereby not this: `command_ack` alone does not tell, because a stop is 0.
   */
  acknowledge({ control, command, commandAck }: ControlBlock): boolean {
    const isAnswer =
      control === this.control && command === this.command && commandAck === this.command;
    if (!isAnswer || this.#acknowledgement === 'received') return false;
    this.#acknowledgement = 'received';
    this.#timer.cancel();
    return true;
  }

  /** Waits no longer. */
  withdraw(): void {
    this.#timer.cancel();
  }
}
