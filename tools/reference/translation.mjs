import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const VARIABLE = /(?<![`\w/:"$])[A-Z][A-Z0-9]*_[A-Z0-9_]+(?:=[\w:/.-]*\w)?/g;
const COMMAND =
  /(?<!`)(?:echo "whsec_[^"]+"|npm run [\w:]+(?: -- --\w+)?|make install|openssl rand -\w+ \d+|GET \/[\w/-]+|POST \/[\w/-]+)/g;
const PAGE = /(?<![`[/\w])docs\/([\w/-]+\.md)/g;

/** The texts of one language, for the pages of one folder. */
export class Translation {
  untranslated = [];
  #used = new Set();

  /** @param texts the texts by key; undefined: English, which the callers give. */
  constructor(folder, texts) {
    this.folder = folder;
    this.texts = texts;
  }

  /** Returns the text of a key in this language, else the English one. */
  text(key, english) {
    if (this.texts === undefined) return english;
    this.#used.add(key);
    if (this.texts[key] === undefined) this.untranslated.push(key);
    return this.texts[key] ?? english;
  }

  /** Keys that no page has asked for. */
  get unused() {
    return Object.keys(this.texts ?? {}).filter((key) => !this.#used.has(key));
  }

  /** Returns a plain text as Markdown: names of variables and commands as code, names of pages as links. */
  markdown(plain) {
    const text = plain.replaceAll(/[*<|]/g, '\\$&').replaceAll(COMMAND, '`$&`');
    return text
      .replaceAll(VARIABLE, '`$&`')
      .replaceAll(PAGE, (name, page) => `[${name}](${this.#linkTo(page)})`);
  }

  #linkTo(page) {
    const own = this.texts === undefined ? `docs/${page}` : `docs/pt-BR/${page}`;
    return posix.relative(this.folder, existsSync(join(root, own)) ? own : `docs/${page}`);
  }
}

/** Returns a table in Markdown. */
export function table(header, rows) {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Returns words as code, comma-separated. */
export function codes(words) {
  return words.map((word) => `\`${word}\``).join(', ');
}
