import { isAbsolute, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stateDirectory } from '#shared/state-directory.ts';

describe('the state directory', () => {
  test('keeps the channel token where the control token is not', () => {
    const directory = stateDirectory('state');
    expect(directory.channelToken).toBe(join(resolve('state'), 'channel', 'token'));
    expect(directory.controlToken).toBe(join(resolve('state'), 'control', 'token'));
    expect(directory.controlEndpoint).toBe(join(resolve('state'), 'control', 'endpoint.json'));
    expect(isAbsolute(directory.root)).toBe(true);
  });
});
