/** HTML in which every value that comes from outside is escaped, because a template has no other way to take it. */

/** Markup that is safe to put on a page. */
export type Html = { readonly markup: string };

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? "");

/** Reads a text that `html` has escaped. */
export const unescapeHtml = (text: string): string =>
  Object.entries(entities).reduceRight((plain, [sign, entity]) => plain.replaceAll(entity, sign), text);

/** A template whose strings are escaped and whose markup is not. */
export const html = (parts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html => ({
  markup: parts.reduce((page, part, index) => page + toMarkup(values[index - 1] ?? "") + part),
});

const toMarkup = (value: string | Html | readonly Html[]): string => {
  if (typeof value === "string") return escapeHtml(value);
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("\n");
};
