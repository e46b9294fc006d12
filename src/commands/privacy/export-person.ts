import { readFileSync } from 'node:fs';
import { PersonExport, PersonFinder, PrivacyModule } from '../../privacy';
import { runCommand } from '../support/run-command';
import { EXPORT_USAGE, exportArguments } from './privacy-arguments';

/** `npm run privacy:export`: writes what is stored of a person as JSON to the standard output. */
void runCommand({
  usage: EXPORT_USAGE,
  parse: (args) => exportArguments(args, () => readFileSync(0, 'utf8')),
  run: async (subject, { app }) => {
    const privacy = app.select(PrivacyModule);
    const person = await privacy.get(PersonFinder).find(subject);
    const exported = await privacy.get(PersonExport).export(subject, person);
    return { lines: [JSON.stringify(exported, null, 2)], data: { person: exported } };
  },
});
