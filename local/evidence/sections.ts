/**
 * A document with the parts between `<!-- begin NAME -->` and `<!-- end NAME -->` replaced.
 *
 * @throws Error if a part is not there, or the document has one that nobody writes.
 */
export const withSections = (document: string, sections: Readonly<Record<string, string>>): string => {
  const there = [...document.matchAll(/<!-- begin ([\w-]+) -->/g)].map(([, name]) => name ?? "");
  const unwritten = there.find((name) => sections[name] === undefined);
  if (unwritten !== undefined) throw new Error(`nobody writes the part ${unwritten}`);
  return Object.entries(sections).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from === -1 || to < from) throw new Error(`the document has no part ${name}`);
    return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
  }, document);
};
