/** Settings as a `soapstone.toml`. */

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** The settings that decide how a note is judged, as the program reads them from a file. */
export function toml(settings: { readonly [key: string]: Value }): string {
  return Object.entries(settings)
    .map(([key, value]) => `${JSON.stringify(key)} = ${inline(value)}\n`)
    .join('');
}

// A text, a number and a list look in TOML as in JSON, but for one sign.
function inline(value: Value): string {
  if (Array.isArray(value)) {
    return `[${value.map(inline).join(', ')}]`;
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)} = ${inline(one)}`);
    return `{ ${entries.join(', ')} }`;
  }
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}
