import { type ExecFileException, execFile } from 'node:child_process';

/** How a command ended; the code is -1 when it could not be started, or was ended for its time. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, for at most so many seconds. */
export function tryRun(argv: readonly string[], seconds = 60): Promise<CommandEnd> {
  const [command = '', ...args] = argv;
  const options = { env: ENVIRONMENT, timeout: seconds * 1000, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else resolve({ code: -1, stdout, stderr: `${stderr}${reasonOf(error, seconds)}` });
    });
  });
}

/** What a command prints on standard output. @throws Error with what it said, when it failed */
export async function run(argv: readonly string[], seconds?: number): Promise<string> {
  const { code, stdout, stderr } = await tryRun(argv, seconds);
  if (code === 0) return stdout;
  throw new Error(`\`${argv.join(' ')}\` ended with ${code}:\n${stderr}${stdout}`);
}

/** The caller's variables, without those that would choose other compose files or projects. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('COMPOSE_')),
);

function reasonOf(error: ExecFileException, seconds: number): string {
  if (error.code === 'ENOENT') return 'there is no such command';
  return error.killed === true ? `not done after ${seconds} s` : error.message;
}
