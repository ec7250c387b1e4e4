import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ControlFlags, connectionOf } from '#cli/control/control-connection.ts';
import { CommandFailure, UsageError } from '#cli/failure.ts';
import { OperatedState } from '../commands/operated-state.ts';

const URL_IN_STATE = 'http://127.0.0.1:4041';

let state: OperatedState;

beforeEach(() => {
  state = new OperatedState();
  state.writeEndpoint(JSON.stringify({ url: `${URL_IN_STATE}/`, pid: 1 }));
  state.writeToken('token-in-state\n');
});

afterEach(() => state.remove());

function resolved(flags: ControlFlags, env: Readonly<Record<string, string>> = {}) {
  return connectionOf(flags, { ...state.env, ...env });
}

/** A file with a token outside the state folder. */
function tokenFile(name: string, text: string): string {
  const path = join(state.files.root, name);
  writeFileSync(path, text);
  return path;
}

describe('connectionOf', () => {
  test.each(['', '{', '{"pid":1}', '{"url":"ftp://127.0.0.1"}', '{"url":5}'])(
    'an endpoint file with "%s" names no control API',
    async (text) => {
      state.writeEndpoint(text);
      await expect(resolved({})).rejects.toThrow(
        new CommandFailure(
          `${state.files.controlEndpoint} names no control API; start the host again`,
        ),
      );
    },
  );

  test.each(['', '\n', 'two words', 'line\nline', 'ü'])(
    'a token file with %j holds no token',
    async (text) => {
      state.writeToken(text);
      await expect(resolved({})).rejects.toThrow(/^.*token holds no control token$/);
    },
  );

  test('a token file that is missing is named, with what to do', async () => {
    const controlTokenFile = join(state.files.root, 'missing');
    await expect(resolved({ controlTokenFile })).rejects.toThrow(
      /^the control token cannot be read from .*missing \(ENOENT\): .*--control-token-file$/,
    );
  });

  test.each([
    'localhost:4041',
    '127.0.0.1',
    'ws://127.0.0.1:4041',
    'http://me:secret@127.0.0.1',
    'http://127.0.0.1?x=1',
    '',
  ])('--control "%s" is used wrongly', async (control) => {
    const expected = `--control: "${control}": expected a URL such as http://127.0.0.1:4041`;
    await expect(resolved({ control })).rejects.toThrow(new UsageError(expected));
  });

  test.each(['http://10.0.0.7:4041', 'https://nic-lab', 'http://127.0.0.1.rebound.example'])(
    'the token of this machine is not shown to %s',
    async (control) => {
      await expect(resolved({ control })).rejects.toThrow(UsageError);
      const controlTokenFile = tokenFile('theirs', 'their-token');
      expect(await resolved({ control, controlTokenFile })).toMatchObject({ token: 'their-token' });
    },
  );

  test('without flags both come from the state folder', async () => {
    expect(await resolved({})).toEqual({ url: URL_IN_STATE, token: 'token-in-state' });
  });

  test('flags stand over the environment, and that over the state folder', async () => {
    const env = {
      BACKCHANNEL_CONTROL: 'http://localhost:1',
      BACKCHANNEL_CONTROL_TOKEN_FILE: tokenFile('from-env', 'token-in-env'),
    };
    expect(await resolved({}, env)).toEqual({ url: 'http://localhost:1', token: 'token-in-env' });
    const flags = {
      control: 'http://[::1]:2/prefix/',
      controlTokenFile: tokenFile('from-flag', 'token-in-flag'),
    };
    expect(await resolved(flags, env)).toEqual({
      url: 'http://[::1]:2/prefix',
      token: 'token-in-flag',
    });
  });

  test('a variable that is empty says nothing', async () => {
    expect(await resolved({}, { BACKCHANNEL_CONTROL: '' })).toMatchObject({ url: URL_IN_STATE });
  });

  test('--state-dir stands over its variable', async () => {
    const other = new OperatedState();
    other.writeEndpoint('{"url":"http://127.0.0.1:5"}');
    other.writeToken('other');
    const flags = { stateDir: other.files.root };
    expect(await resolved(flags)).toEqual({ url: 'http://127.0.0.1:5', token: 'other' });
    other.remove();
  });
});
