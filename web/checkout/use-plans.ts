import { useEffect, useState } from 'preact/hooks';
import type { Plan, SessionApi, View } from './api';

/** The numbers of installments of a session, and the one that the page shows and sends. */
export interface Plans {
  /** Only the whole total until the others are loaded. */
  readonly choices: readonly Plan[];
  /** Undefined while the wanted number is not loaded: its total is not known, so it can't be paid. */
  readonly chosen: Plan | undefined;
  readonly failed: boolean;
  readonly load: () => void;
}

/**
 * Loads the installments when they are first needed, and keeps them for all forms of the page.
 * @param wanted the number of installments that the shopper has chosen
 */
export function usePlans(
  api: SessionApi,
  view: View | undefined,
  given: { readonly needed: boolean; readonly wanted: number },
): Plans {
  const [plans, setPlans] = useState<readonly Plan[]>();
  const [failed, setFailed] = useState(false);
  const needed = given.needed && view !== undefined && view.max_installments > 1;
  const load = (): void => {
    setPlans(undefined);
    setFailed(false);
    api.plans().then(setPlans, () => {
      setFailed(true);
    });
  };
  useEffect(() => {
    if (needed && plans === undefined) load();
  }, [needed]);
  const total = view?.total_value ?? 0;
  const whole: Plan = { installments: 1, value: total, total_value: total };
  const choices = [whole, ...(plans ?? []).filter(({ installments }) => installments > 1)];
  const found = choices.find(({ installments }) => installments === given.wanted);
  return { choices, chosen: found ?? (plans === undefined ? undefined : whole), failed, load };
}
