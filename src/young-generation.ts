import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the young generation of the heap small while the program is loaded. What is loaded lives as long as the process;
 * a young generation that grew for it would stay at 32 MB until the first load. To be imported before all other modules.
 */
setFlagsFromString('--semi-space-growth-factor=1');

/** Lets the young generation grow with the load from now on, as it does by default. */
export function letYoungGenerationGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
