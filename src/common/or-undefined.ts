/** A look at something that may be broken takes so long at most, in milliseconds. */
const PATIENCE_MILLISECONDS = 2_000;

/** What a look at something tells; undefined when it fails, or takes longer than two seconds. */
export async function orUndefined<Value>(look: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MILLISECONDS, undefined);
  });
  const outcome = await Promise.race([look.catch(() => undefined), patience]);
  clearTimeout(timer);
  return outcome;
}
