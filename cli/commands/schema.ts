import type { Command } from 'commander';
import { wireJsonSchema } from '#shared/wire/json-schema.ts';

const EXAMPLE = `
Example:
  backchannel schema > wire.schema.json`;

export function registerSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of every frame of the channel')
    .addHelpText('after', EXAMPLE)
    .action(() => {
      process.stdout.write(`${JSON.stringify(wireJsonSchema(), undefined, 2)}\n`);
    });
}
