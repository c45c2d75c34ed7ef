import type { Chance } from "./chance.ts";

/** Syllables of three made-up languages: with accents, in Cyrillic letters, and plain. No name list knows their names. */
const languages = [
  {
    starts: ["Bé", "Lô", "Çe", "Mar", "Tü", "Ño", "Sjö", "Wil"],
    ends: ["ria", "nöt", "lek", "vian", "drá", "mund", "tea", "zin"],
  },
  {
    starts: ["Ра", "Ми", "Све", "Дор", "Ка", "Лю", "Пет", "Зи"],
    ends: ["мир", "лана", "ков", "дия", "рина", "слав", "нчо", "вен"],
  },
  {
    starts: ["Ko", "Ada", "Nke", "Ife", "Obi", "Tun", "Yemi", "Zur"],
    ends: ["mba", "ola", "chi", "oma", "wale", "dike", "sade", "ngo"],
  },
] as const;

/** A pool of so many names, the first of them borne by most. */
const poolOf = (chance: Chance, language: number, middles: readonly string[], count: number): readonly string[] => {
  const { starts, ends } = languages[language] ?? languages[0];
  const names = new Set<string>();
  while (names.size < count) names.add(chance.pick(starts) + chance.pick(middles) + chance.pick(ends));
  return [...names];
};

/** Draws names, some far more often than others (Zipf's law, as real names go). */
export const createNames = (chance: Chance) => {
  const given = [0, 1, 2].map((language) =>
    poolOf(chance, language, language === 1 ? ["", "ро", "ли"] : ["", "ra", "li"], 120),
  );
  const family = [0, 1, 2].map((language) =>
    poolOf(chance, language, language === 1 ? ["", "го", "ша", "не", "ту"] : ["", "go", "sha", "ne", "tu"], 300),
  );
  const draw = (pools: readonly (readonly string[])[], language: number): string => {
    const pool = pools[language] ?? [];
    return pool[Math.floor(pool.length * chance.next() ** 2.2)] ?? "";
  };
  return {
    language: () => chance.below(3),
    given: (language: number) => draw(given, language),
    family: (language: number) => draw(family, language),
  };
};
