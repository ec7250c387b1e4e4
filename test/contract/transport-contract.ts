import { afterEach, describe, expect, test } from 'vitest';
import { CLOSE_CODES, MAX_FRAME_BYTES } from '#shared/transport/close-codes.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';
import { turn, until } from '#test/kit/world/turn.ts';

/** Two ends of one transport. */
export interface TransportPair {
  readonly left: Transport;
  readonly right: Transport;
  /** Frees what the pair holds beyond its ends; called after each test. */
  dispose(): Promise<void>;
}

/** What one end was told. */
class Listener {
  readonly messages: string[] = [];
  readonly closes: CloseDetails[] = [];
  /** What was told after the close. */
  late = 0;

  constructor(transport: Transport) {
    transport.listen({
      message: (text) => {
        if (this.closes.length > 0) this.late++;
        this.messages.push(text);
      },
      close: (details) => this.closes.push(details),
      drain: () => {},
    });
  }

  async message(count: number): Promise<void> {
    await until(`${count} messages`, () => this.messages.length >= count);
  }

  async close(): Promise<CloseDetails | undefined> {
    await until('a close', () => this.closes.length > 0);
    return this.closes[0];
  }
}

const DONE: CloseDetails = { code: CLOSE_CODES.ejected.code, reason: 'done' };

/** What every transport promises, whatever carries its frames. */
export function transportContract(name: string, newPair: () => Promise<TransportPair>): void {
  const pairs: TransportPair[] = [];
  const open = async (): Promise<TransportPair> => {
    const pair = await newPair();
    pairs.push(pair);
    return pair;
  };
  afterEach(async () => {
    for (const pair of pairs.splice(0)) await pair.dispose();
  });

  describe(`the transport contract, ${name}: frames`, () => {
    test('a frame above the size limit closes both ends with 1009 and is not delivered', async () => {
      const { left, right } = await open();
      const ends = [new Listener(left), new Listener(right)] as const;
      left.send('x'.repeat(MAX_FRAME_BYTES + 1));
      expect(await ends[1].close()).toMatchObject({ code: 1009 });
      expect(await ends[0].close()).toMatchObject({ code: 1009 });
      expect(ends[1].messages).toEqual([]);
    });

    test('the size limit counts bytes, not characters', async () => {
      const { left, right } = await open();
      new Listener(left);
      const listener = new Listener(right);
      left.send('é'.repeat(MAX_FRAME_BYTES / 2 + 1));
      expect(await listener.close()).toMatchObject({ code: 1009 });
    });

    test('a frame of exactly the size limit arrives', async () => {
      const { left, right } = await open();
      const listener = new Listener(right);
      left.send('x'.repeat(MAX_FRAME_BYTES));
      await listener.message(1);
      expect(listener.messages[0]).toHaveLength(MAX_FRAME_BYTES);
    });

    test('arrive in the order in which they were sent, both ways [concurrency.order-on-the-channel]', async () => {
      const { left, right } = await open();
      const ends = [new Listener(left), new Listener(right)] as const;
      const texts = Array.from({ length: 200 }, (_, index) => `frame ${index}`);
      for (const text of texts) {
        left.send(text);
        right.send(text);
      }
      await ends[0].message(200);
      await ends[1].message(200);
      expect(ends[0].messages).toEqual(texts);
      expect(ends[1].messages).toEqual(texts);
    });

    test('arrive after the sender has returned', async () => {
      const { left, right } = await open();
      const listener = new Listener(right);
      left.send('one');
      expect(listener.messages).toEqual([]);
      await listener.message(1);
    });

    test('carry text, whatever its characters', async () => {
      const { left, right } = await open();
      const listener = new Listener(right);
      const texts = ['', ' ', '\u0000', 'é', '漢字', '🙂', '{"a":1}'];
      for (const text of texts) left.send(text);
      await listener.message(texts.length);
      expect(listener.messages).toEqual(texts);
    });

    test('that come before there is a listener are kept, and delivered first', async () => {
      const { left, right } = await open();
      left.send('early');
      left.send('early too');
      await turn();
      const listener = new Listener(right);
      left.send('late');
      await listener.message(3);
      expect(listener.messages).toEqual(['early', 'early too', 'late']);
    });

    test('sent before a close arrive before it', async () => {
      const { left, right } = await open();
      const listener = new Listener(right);
      left.send('last');
      left.close(DONE);
      await listener.close();
      expect(listener.messages).toEqual(['last']);
    });

    test('sent after the close go nowhere', async () => {
      const { left, right } = await open();
      const listener = new Listener(right);
      left.close(DONE);
      left.send('too late');
      await listener.close();
      left.send('too late');
      expect(listener.messages).toEqual([]);
      expect(listener.late).toBe(0);
    });
  });

  describe(`the transport contract, ${name}: the close`, () => {
    test('is told once to each end, with its code and its reason', async () => {
      const { left, right } = await open();
      const ends = [new Listener(left), new Listener(right)] as const;
      left.close(DONE);
      left.close({ code: CLOSE_CODES.internalError.code, reason: 'again' });
      expect(await ends[0].close()).toEqual(DONE);
      expect(await ends[1].close()).toEqual(DONE);
      right.close({ code: CLOSE_CODES.internalError.code, reason: 'again' });
      for (const end of ends) expect(end.closes).toHaveLength(1);
    });

    test('from both ends at once is told once to each', async () => {
      const { left, right } = await open();
      const ends = [new Listener(left), new Listener(right)] as const;
      left.close(DONE);
      right.close({ code: CLOSE_CODES.goingAway.code, reason: 'leaving' });
      await ends[0].close();
      await ends[1].close();
      for (const end of ends) expect(end.closes).toHaveLength(1);
    });

    test('does not call back before it returns', async () => {
      const { left, right } = await open();
      new Listener(right);
      const listener = new Listener(left);
      left.close(DONE);
      expect(listener.closes).toEqual([]);
      await listener.close();
    });

    test('before there is a listener is told to the one that comes', async () => {
      const { left, right } = await open();
      const there = new Listener(left);
      left.send('early');
      left.close(DONE);
      const listener = new Listener(right);
      await there.close();
      expect(await listener.close()).toEqual(DONE);
      expect(listener.messages).toEqual(['early']);
    });

    test('nothing is delivered to an end that has closed', async () => {
      const { left, right } = await open();
      const ends = [new Listener(left), new Listener(right)] as const;
      right.send('crossing');
      left.close(DONE);
      await ends[0].close();
      await ends[1].close();
      expect(ends[0].late).toBe(0);
    });

    test('takes a reason longer than a close frame holds', async () => {
      const { left, right } = await open();
      const listener = new Listener(right);
      left.close({ code: DONE.code, reason: '漢'.repeat(200) });
      const details = await listener.close();
      expect(details?.code).toBe(DONE.code);
      expect(details?.reason).toMatch(/^漢+$/);
    });

    test.each(Object.values(CLOSE_CODES).map(({ code }) => code))(
      'can carry code %i',
      async (code) => {
        const { left, right } = await open();
        const ends = [new Listener(left), new Listener(right)] as const;
        left.close({ code, reason: 'why' });
        expect(await ends[0].close()).toMatchObject({ code });
        expect(await ends[1].close()).toMatchObject({ code });
      },
    );
  });

  describe(`the transport contract, ${name}: the listener`, () => {
    test('is one, and a second is refused', async () => {
      const { left } = await open();
      new Listener(left);
      expect(() => new Listener(left)).toThrow('one listener');
    });

    test('an end that has sent nothing is not congested', async () => {
      const { left, right } = await open();
      expect(left.congested).toBe(false);
      expect(right.congested).toBe(false);
    });
  });
}
