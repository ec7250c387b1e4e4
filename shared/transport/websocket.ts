import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { type Clock, setPeriodicTimer, type Timer } from '../time/clock.ts';
import { CLOSE_CODES, MAX_FRAME_BYTES } from './close-codes.ts';
import { eventLoopTurns } from './event-loop-turns.ts';
import { Inbox } from './inbox.ts';
import type { CloseDetails, Transport, TransportEvents } from './transport.ts';

/** Unsent bytes above which the peer counts as congested and is read no further. */
const CONGESTED_BYTES = 262_144;
/** Frames in one write: more would keep the peer waiting for work that it could have begun. */
const FRAMES_PER_WRITE = 8;
/** How long a peer may take to answer a close frame before the connection is cut. */
const CLOSE_GRACE_MS = 1_000;
/** How often a silent peer is asked for a sign of life; a peer that missed one is cut off. */
const HEARTBEAT_MS = 15_000;
/** RFC 6455 leaves 123 bytes of a close frame for the reason. */
const MAX_REASON_BYTES = 123;

/** Options that both ends of the channel must give to ws: no compression, frames capped. */
export const WEBSOCKET_OPTIONS = {
  perMessageDeflate: false,
  maxPayload: MAX_FRAME_BYTES,
} as const;

/**
 * A transport over one WebSocket. `socket` is the stream beneath it, whose fill level tells
 * congestion. Errors become a close, since without one the other side of this seam would wait for
 * ever; whatever ws reports first is the reason given.
 */
export class WebSocketTransport implements Transport {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #clock: Clock;
  readonly #inbox = new Inbox();
  #heartbeat: Timer | undefined;
  #grace: Timer | undefined;
  #cause: CloseDetails | undefined;
  #alive = true;
  #isClosed = false;
  #congested = false;
  /** The turn in which a frame last left. */
  #turn = -1;
  /** Frames that wait to leave together. */
  #held = 0;

  constructor(ws: WebSocket, socket: Duplex, clock: Clock) {
    this.#ws = ws;
    this.#socket = socket;
    this.#clock = clock;
    ws.pause();
    ws.on('message', (data, isBinary) => this.#receive(data, isBinary));
    ws.on('error', (error) => this.#fail(error));
    ws.on('close', (code, reason) => this.#closed({ code, reason: reason.toString() }));
    ws.on('pong', () => {
      this.#alive = true;
    });
    socket.on('drain', () => this.#drained());
  }

  get congested(): boolean {
    return this.#congested;
  }

  send(text: string): void {
    if (this.#ws.readyState !== this.#ws.OPEN || this.#cause !== undefined) return;
    this.#write(text);
    if (this.#congested || this.#socket.writableLength < CONGESTED_BYTES) return;
    this.#congested = true;
    this.#ws.pause();
  }

  close(details: CloseDetails): void {
    if (this.#cause !== undefined) return;
    this.#cause = details;
    if (details.code === CLOSE_CODES.lost.code) {
      this.#ws.terminate();
      return;
    }
    this.#ws.resume();
    this.#ws.close(details.code, truncate(details.reason));
    this.#grace = this.#clock.setTimer(CLOSE_GRACE_MS, () => this.#ws.terminate());
  }

  listen(events: TransportEvents): void {
    this.#inbox.listen(events);
    this.#ws.resume();
    // Not before: who does not read sees no sign of life.
    if (!this.#isClosed) {
      this.#heartbeat = setPeriodicTimer(this.#clock, HEARTBEAT_MS, () => this.#beat());
    }
  }

  /**
   * The first frame of a turn leaves at once; those behind it leave together, a few at a time, since
   * a system call for each would cost more than all else that is done for it.
   */
  #write(text: string): void {
    const turn = eventLoopTurns.current();
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#ws.send(text);
      return;
    }
    if (this.#held === 0) {
      this.#socket.cork();
      eventLoopTurns.onEnd(this);
    }
    this.#held++;
    this.#ws.send(text);
    if (this.#held === FRAMES_PER_WRITE) this.endTurn();
  }

  /** Lets go of the frames that wait to leave together. */
  endTurn(): void {
    if (this.#held === 0) return;
    this.#held = 0;
    this.#socket.uncork();
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#alive = true;
    if (this.#cause !== undefined) return;
    if (isBinary) {
      const { code, meaning } = CLOSE_CODES.binaryFrame;
      this.close({ code, reason: meaning });
    } else {
      this.#inbox.message(data.toString());
    }
  }

  #drained(): void {
    if (!this.#congested) return;
    this.#congested = false;
    this.#ws.resume();
    this.#inbox.drain();
  }

  #beat(): void {
    if (!this.#alive) {
      this.#cause ??= { code: CLOSE_CODES.lost.code, reason: 'no sign of life from the peer' };
      this.#ws.terminate();
      return;
    }
    this.#alive = false;
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
  }

  #fail(error: Error & { code?: string }): void {
    this.#cause ??= closeDetailsOf(error);
    this.#grace ??= this.#clock.setTimer(CLOSE_GRACE_MS, () => this.#ws.terminate());
  }

  #closed(details: CloseDetails): void {
    this.#isClosed = true;
    this.#heartbeat?.cancel();
    this.#grace?.cancel();
    this.#inbox.close(this.#cause ?? details);
  }
}

/** A reason may be as long as the message of an error; no character of it takes less than a byte. */
function truncate(reason: string): string {
  let text = reason.slice(0, MAX_REASON_BYTES);
  while (Buffer.byteLength(text) > MAX_REASON_BYTES) text = text.slice(0, -1);
  return text;
}

/** ws closes by itself on a frame it refuses; this is the close code it uses for it. */
function closeDetailsOf(error: Error & { code?: string }): CloseDetails {
  switch (error.code) {
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
      return { code: CLOSE_CODES.frameTooLarge.code, reason: CLOSE_CODES.frameTooLarge.meaning };
    case 'WS_ERR_INVALID_UTF8':
      return { code: CLOSE_CODES.malformedFrame.code, reason: error.message };
    default:
      return error.code?.startsWith('WS_ERR') === true
        ? { code: CLOSE_CODES.protocolError.code, reason: error.message }
        : { code: CLOSE_CODES.lost.code, reason: error.message };
  }
}
