/** Who has something to do when the turn of the event loop ends. */
export interface TurnListener {
  endTurn(): void;
}

/**
 * Counts the turns of this process's event loop in which frames are sent: all that happens between
 * two polls for input is one turn. One timer of the loop serves every connection, since one for each
 * frame would cost as much as sending it.
 */
class EventLoopTurns {
  #turn = 0;
  #ending = false;
  #listeners: TurnListener[] = [];

  /** The number of this turn. */
  current(): number {
    if (!this.#ending) {
      this.#ending = true;
      setImmediate(() => this.#end());
    }
    return this.#turn;
  }

  /** Calls `listener` once, when this turn ends. */
  onEnd(listener: TurnListener): void {
    this.#listeners.push(listener);
  }

  #end(): void {
    this.#ending = false;
    this.#turn++;
    for (const listener of this.#listeners.splice(0)) listener.endTurn();
  }
}

export const eventLoopTurns = new EventLoopTurns();
