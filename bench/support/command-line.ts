import { parseArgs } from 'node:util';

/** The arguments of `npm run bench -- …`. */
export interface BenchCommand {
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly markdown: boolean;
}

/** The names of all benchmarks, and of those that run if none is named. */
export interface BenchNames {
  readonly all: readonly string[];
  readonly byDefault: readonly string[];
}

/**
 * Reads the parameters of the command: any names, `--quick` and `--markdown`.
 *
 * @throws Error that names what is not known, and what is.
 */
export function readCommand(parameters: readonly string[], { all, byDefault }: BenchNames): BenchCommand {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    options: { quick: { type: 'boolean' }, markdown: { type: 'boolean' } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new Error(`No benchmark is named ${unknown.join(' or ')}. The benchmarks: ${all.join(', ')}`);
  return {
    names: positionals.length === 0 ? byDefault : positionals,
    quick: values.quick === true,
    markdown: values.markdown === true,
  };
}
