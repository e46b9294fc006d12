/** The process of `sendLoad`: gets one load as a message, sends it, and answers what it measured. */
import { generateLoad, type Load } from './load-generator';

process.once('message', (load) => {
  void generateLoad(load as Load)
    .catch((error: unknown) => ({ error: String(error) }))
    .then((answer) => process.send?.(answer));
});
