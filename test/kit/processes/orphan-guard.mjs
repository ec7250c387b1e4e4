// Ends this process when the one that started it is gone: then the other end of a pipe closes on which
// nothing is ever written.
import { Socket } from 'node:net';

const GUARD_FD = 5;

new Socket({ fd: GUARD_FD, readable: true, writable: false })
  .on('error', () => {})
  .on('close', () => process.kill(process.pid, 'SIGKILL'))
  .resume();
