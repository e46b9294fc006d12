import { z } from 'zod';
import { settingsSchema } from './settings';

/** The values that a form offers for a setting. */
export type SettingChoice =
  | { readonly kind: 'options'; readonly options: readonly string[] }
  | { readonly kind: 'number' }
  | { readonly kind: 'text' };

interface Unwrapped {
  readonly schema: z.ZodType;
  readonly nullable: boolean;
}

function unwrap(schema: z.ZodType): Unwrapped {
  if (schema instanceof z.ZodDefault) return unwrap(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodNullable)
    return { schema: unwrap(schema.unwrap() as z.ZodType).schema, nullable: true };
  return { schema, nullable: false };
}

/** Returns the choices for each setting, by key. An empty text means null. */
export function settingChoices(): [string, SettingChoice][] {
  return Object.entries(settingsSchema.shape).map(([key, wrapped]) => {
    const { schema, nullable } = unwrap(wrapped);
    if (schema instanceof z.ZodBoolean) return [key, { kind: 'options', options: ['true', 'false'] }];
    if (schema instanceof z.ZodEnum) {
      return [key, { kind: 'options', options: [...(nullable ? [''] : []), ...schema.options.map(String)] }];
    }
    return [key, { kind: schema instanceof z.ZodNumber ? 'number' : 'text' }];
  });
}

/** Converts a form to settings: numbers to numbers, switches to booleans, empty fields to null. */
export function settingsFromForm(form: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [key, choice] of settingChoices()) {
    const text = form[key];
    if (typeof text !== 'string') continue;
    if (text === '') settings[key] = null;
    else if (choice.kind === 'number') settings[key] = Number(text);
    else if (text === 'true' || text === 'false') settings[key] = text === 'true';
    else settings[key] = text;
  }
  return settings;
}
