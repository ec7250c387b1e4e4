import { describe, expect, test } from 'vitest';
import { isOwnHostName } from '#shared/own-host-name.ts';

describe('isOwnHostName', () => {
  test.each([
    [undefined, '127.0.0.1'],
    ['', '127.0.0.1'],
    ['rebound.example', '127.0.0.1'],
    ['localhost.rebound.example', '127.0.0.1'],
    ['127.0.0.1.rebound.example:4041', '127.0.0.1'],
    ['rebound.example@127.0.0.1', '127.0.0.1'],
    ['10.0.0.7', '127.0.0.1'],
    ['10.0.0.7', '10.0.0.8'],
    ['::1', '127.0.0.1'],
    ['[::1', '127.0.0.1'],
    ['localhost:', '127.0.0.1'],
    ['localhost:4041:80', '127.0.0.1'],
    ['rebound.example', '0.0.0.0'],
    ['rebound.example:4041', '::'],
    ['10.0.0.777', '0.0.0.0'],
  ])('"%s" is nobody that listens on %s', (header, listening) => {
    expect(isOwnHostName(header, listening)).toBe(false);
  });

  test.each([
    ['localhost', '127.0.0.1'],
    ['LOCALHOST:4041', '127.0.0.1'],
    ['127.0.0.1:4041', '127.0.0.1'],
    ['[::1]', '::1'],
    ['[::1]:4041', '127.0.0.1'],
    ['10.0.0.7:4041', '10.0.0.7'],
    ['Nic-Lab:4041', 'nic-lab'],
    ['[FE80::1]:4041', 'fe80::1'],
    ['10.0.0.7:4041', '0.0.0.0'],
    ['[fe80::1]:4041', '::'],
    ['127.0.0.1', '10.0.0.7'],
  ])('"%s" is who listens on %s', (header, listening) => {
    expect(isOwnHostName(header, listening)).toBe(true);
  });
});
