import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes, table } from './translation.mjs';

const EXAMPLE = join(import.meta.dirname, '..', '..', '.env.example');

/** Reads .env.example: its sections, each with its rows. A row has the variables below one comment, and their values. */
function readSections() {
  const sections = [];
  let comment = [];
  for (const line of readFileSync(EXAMPLE, 'utf8').split('\n')) {
    const [, title] = /^# --- (.+?) -+$/.exec(line) ?? [];
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (title !== undefined) {
      sections.push({ title: title.replace(/ \(docs\/.*\)$/, ''), rows: [] });
      comment = [];
    } else if (name !== undefined) {
      const { rows } = sections.at(-1);
      if (comment.length > 0) rows.push({ text: comment.join(' '), variables: [] });
      rows.at(-1).variables.push([name, value]);
      comment = [];
    } else if (line.startsWith('#')) comment.push(line.slice(1).trim());
  }
  return sections;
}

/** Returns what .env.example has as the value of each variable. `change-me` is none: it must be set. */
function defaultsOf(variables) {
  const values = variables
    .map(([, value]) => value.replaceAll('"', ''))
    .map((value) => (value === 'change-me' ? '' : value));
  return values.every((value) => value === '') ? '' : codes(values.filter((value) => value !== ''));
}

/** Returns the part of the page: a section and a table for each section of .env.example. */
export function settingParts(translation) {
  const header = ['variable', 'default', 'meaning'].map((word) => translation.text(`header.${word}`, word));
  const sections = readSections().map(({ title, rows }) => {
    const cells = rows.map(({ text, variables }) => {
      const names = variables.map(([name]) => name);
      return [codes(names), defaultsOf(variables), translation.markdown(translation.text(names[0], text))];
    });
    return `## ${translation.text(`section.${title}`, title)}\n\n${table(header, cells)}`;
  });
  return { settings: sections.join('\n\n') };
}
