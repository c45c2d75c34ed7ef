import type { Person } from "../normalise/person.ts";

/** In how many parts people fall that are joined wherever two are alike; those that say nothing do not count. */
export const partsOf = (
  people: readonly Person[],
  says: (person: Person) => boolean,
  alike: (a: Person, b: Person) => boolean,
): number => {
  const telling = people.filter(says);
  const [first, second] = telling;
  if (first === undefined || second === undefined) return telling.length;
  if (telling.length === 2) return alike(first, second) ? 1 : 2;
  const parts: Person[][] = [];
  for (const person of telling) {
    const joined: Person[] = [person];
    for (let at = parts.length - 1; at >= 0; at -= 1) {
      const part = parts[at] ?? [];
      if (!part.some((other) => alike(person, other))) continue;
      joined.push(...part);
      parts.splice(at, 1);
    }
    parts.push(joined);
  }
  return parts.length;
};
