/** People as they are, and who is made to look like whom. */
import type { Chance } from "./chance.ts";
import type { createNames } from "./names.ts";

export interface MadePerson {
  readonly id: string;
  readonly trap: string;
  readonly given: string;
  readonly middle: string;
  readonly family: string;
  readonly suffix: string;
  readonly born: string;
  readonly ssn: number;
  readonly gender: string;
  readonly email: string;
  readonly phone: string;
  readonly home: { readonly line1: string; readonly city: string; readonly postal_code: string };
  /** A family name of a marriage, in use at some employers. */
  readonly laterFamily: string;
}

const two = (number: number): string => `${number}`.padStart(2, "0");
const cities = ["Northam", "Sudbury Flats", "Ostenfeld", "Vallón", "Kirk", "Marrow"] as const;
const streets = ["Linden", "Harbour", "Quarry", "Mill", "Foundry", "Abbey", "Tannery", "Cress"] as const;

/** Makes people one by one; about one in seven has somebody beside who is easily taken for them. */
export const createPeople = (chance: Chance, names: ReturnType<typeof createNames>) => {
  let made = 0;
  const homeOf = () => ({
    line1: `${1 + chance.below(400)} ${chance.pick(streets)} Street`,
    city: chance.pick(cities),
    postal_code: `${10_000 + chance.below(600)}`,
  });
  const bornIn = (from: number, to: number): string =>
    `${from + chance.below(to - from)}-${two(1 + chance.below(12))}-${two(1 + chance.below(28))}`;
  const phoneOf = () => `+1 ${201 + chance.below(700)} ${200 + chance.below(700)} ${1_000 + chance.below(9_000)}`;
  const person = (some: Partial<MadePerson> = {}): MadePerson => {
    made += 1;
    const language = names.language();
    return {
      id: `p${made}`,
      trap: "",
      given: names.given(language),
      middle: chance.isIn(0.4) ? names.given(language) : "",
      family: names.family(language),
      suffix: "",
      born: bornIn(1955, 2004),
      ssn: 101_010_001 + chance.below(500_000_000),
      gender: chance.pick(["male", "female"]),
      email: `m${made}x${chance.below(900)}@post.invalid`,
      phone: phoneOf(),
      home: homeOf(),
      laterFamily: chance.isIn(0.06) ? names.family(language) : "",
      ...some,
    };
  };
  const other = (given: string): string => {
    for (;;) {
      const name = names.given(names.language());
      if (name !== given) return name;
    }
  };
  /** Somebody, and perhaps somebody beside. */
  return (): readonly MadePerson[] => {
    const one = person();
    const { family, home, phone, email, given, born, gender } = one;
    const kind = chance.next();
    const beside = (trap: string, some: Partial<MadePerson>): readonly MadePerson[] => [
      { ...one, trap },
      person({ trap, ...some }),
    ];
    const isShared = chance.isIn(0.2);
    const household = { family, home, phone, ...(isShared && { email }) };
    if (kind < 0.03)
      return beside("twins", {
        ...household,
        born,
        ssn: one.ssn + 1 + chance.below(3),
        given: other(given),
        laterFamily: "",
      });
    if (kind < 0.06) {
      const son = { ...household, given, gender, born: bornIn(1985, 2004), suffix: chance.isIn(0.3) ? "Jr" : "" };
      return beside("father and son", son);
    }
    if (kind < 0.1)
      return beside("couple", { ...household, given: other(given), gender: gender === "male" ? "female" : "male" });
    if (kind < 0.12) return beside("namesakes", { given, family, gender });
    if (kind < 0.1215) return beside("namesakes born on one day", { given, family, gender, born });
    if (kind < 0.14) return beside("one SSN for two", { ssn: one.ssn });
    return [one];
  };
};
