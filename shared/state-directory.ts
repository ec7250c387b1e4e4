import { join, resolve } from 'node:path';

/** What the processes of one installation leave for each other, and where. */
export interface StateDirectory {
  readonly root: string;
  /** The secret that a guest needs to open channels; nothing else is beside it. */
  readonly channelToken: string;
  /** The secret that an operator needs for the control API. A guest never sees this folder. */
  readonly controlToken: string;
  /** Where the control API of the running host listens, as JSON. */
  readonly controlEndpoint: string;
}

/** The files under a state directory. */
export function stateDirectory(path: string): StateDirectory {
  const root = resolve(path);
  return {
    root,
    channelToken: join(root, 'channel', 'token'),
    controlToken: join(root, 'control', 'token'),
    controlEndpoint: join(root, 'control', 'endpoint.json'),
  };
}
