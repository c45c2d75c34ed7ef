import { TextNumbers } from "./text-numbers.ts";

/** Makes a function of a text remember what it found: worth it where the same few texts come again and again. */
export const remember = <Found>(find: (text: string) => Found): ((text: string) => Found) => {
  const texts = new TextNumbers();
  const found: (Found | undefined)[] = [undefined];
  return (text) => {
    const id = texts.idOf(text);
    const known = found[id];
    if (known !== undefined) return known;
    const made = find(text);
    found[id] = made;
    return made;
  };
};
