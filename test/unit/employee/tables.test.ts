import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyNumbers } from "#shared/employee/block/key-numbers.ts";
import { Holders } from "#shared/employee/holders.ts";
import { Lists } from "#shared/employee/lists.ts";
import { normalisePhone } from "#shared/employee/normalise/contact.ts";
import { isDateSlip } from "#shared/employee/normalise/date.ts";
import { fold, wordsOf } from "#shared/employee/normalise/fold.ts";
import { FoldedText } from "#shared/employee/normalise/folded-text.ts";
import { TextNumbers } from "#shared/employee/normalise/text-numbers.ts";

const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[A-Za-z0-9'`. #-]*$/));

describe("tables", () => {
  it("a text has one number, no two have the same, and it can be told again", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 200 }), (texts) => {
        const numbers = new TextNumbers();
        const ids = texts.map((each) => numbers.idOf(each));
        expect(new Set(ids).size).toBe(new Set(texts).size);
        expect(ids.map((id) => numbers.textOf(id))).toEqual(texts);
        expect(texts.map((each) => numbers.find(each))).toEqual(ids);
        expect(numbers.find(`${texts.join("")} and more`)).toBe(0);
      }),
    );
  });

  it("a text is found in another one, wherever it is", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab]{0,8}$/), fc.stringMatching(/^[ab]{0,3}$/), (whole, part) => {
        const numbers = new TextNumbers();
        expect(numbers.isIn(numbers.idOf(part), numbers.idOf(whole))).toBe(whole.includes(part));
      }),
    );
  });

  it("a key has one number, of its kind and both of its numbers", () => {
    const [first, second] = [fc.nat(2 ** 25 - 1), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 10 }), first, second), { maxLength: 300 }), (keys) => {
        const [numbers, roomy] = [new KeyNumbers(), new KeyNumbers()];
        roomy.reserve(10_000);
        const ids = keys.map((key) => numbers.of(...key));
        expect(new Set(ids).size).toBe(new Set(keys.map(String)).size);
        expect(keys.map((key) => numbers.of(...key))).toEqual(ids);
        expect(keys.map((key) => roomy.of(...key))).toEqual(ids);
      }),
    );
    const many = new KeyNumbers();
    const ids = Array.from({ length: 10_000 }, (_, at) => many.of(1, at, 7));
    expect(ids).toEqual(Array.from({ length: 10_000 }, (_, at) => many.of(1, at, 7)));
    expect(new Set(ids).size).toBe(10_000);
  });

  it("a list has the numbers that were put into it, however many come after it", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(9), { maxLength: 9 }), { maxLength: 50 }), fc.nat(9), (all, value) => {
        const lists = new Lists();
        const made = all.map((values) => lists.add(values));
        for (const [at, values] of all.entries()) {
          const list = made[at] as number;
          expect(Array.from({ length: lists.lengthOf(list) }, (_, place) => lists.at(list, place))).toEqual(values);
          expect(lists.at(list, values.length)).toBe(0);
          expect(lists.has(list, value)).toBe(values.includes(value));
          expect(lists.some(list, (own, place) => own === value && place > 0)).toBe(values.indexOf(value, 1) > 0);
          const other = all[0] as number[];
          expect(lists.meet(list, made[0] as number)).toBe(values.some((own) => other.includes(own)));
        }
      }),
    );
  });

  it("knows who holds a value, whoever comes and goes", () => {
    const step = fc.record({ value: fc.nat(3_000), person: fc.nat(20), isNew: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const [holders, expected] = [new Holders(), new Map<number, number[]>()];
        for (const { value, person, isNew } of steps) {
          const own = expected.get(value) ?? [];
          expected.set(value, isNew && !own.includes(person) ? [person, ...own] : own);
          if (isNew && !own.includes(person)) holders.add(value, person);
          if (isNew) continue;
          holders.remove(value, person);
          expected.set(
            value,
            own.filter((other) => other !== person),
          );
        }
        for (const [value, people] of expected) {
          expect(holders.members(value)).toEqual(people);
          expect(holders.count(value)).toBe(people.length);
        }
      }),
    );
  });
});

describe("what is read sign by sign", () => {
  it("parts a text into the words that it has", () => {
    const reader = new FoldedText();
    fc.assert(
      fc.property(text, (each) => {
        const count = reader.load(each).part();
        const words = Array.from({ length: count }, (_, at) =>
          String.fromCharCode(...reader.signs.subarray(reader.starts[at], reader.ends[at])),
        );
        expect(words).toEqual(wordsOf(fold(each)));
      }),
      { examples: [["№ 5, O’Brien Straße"], ["Улица 9½"], ["🄰🄱 ℡"]] },
    );
  });

  it("takes the last nine digits of a phone number, before its extension", () => {
    const sign = fc.constantFrom(..."0123456789012345678901234567890123456789+-() .x#");
    fc.assert(
      fc.property(fc.string({ unit: sign, minLength: 7, maxLength: 16 }), (each) => {
        const digits = each.replace(/[x#].*$/, "").replaceAll(/\D/g, "");
        const number = normalisePhone(each);
        if (number === undefined) expect(digits.length < 7 || isPlaceholder(digits)).toBe(true);
        else expect([number, isPlaceholder(digits)]).toEqual([digits.slice(-9), false]);
      }),
      { numRuns: 1_000 },
    );
    expect(normalisePhone("+1 (512) 345-6781")).toBe("123456781");
    for (const none of ["123456789", "987 654 321", "890 123 456", "512 000 0000", "512 555 5555", "1 512 555 0142"])
      expect(normalisePhone(none)).toBeUndefined();
  });

  it("sees a slip in a date: one digit, two neighbours exchanged, or day and month", () => {
    const date = fc
      .tuple(fc.integer({ min: 1880, max: 2100 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
      .map(([year, month, day]) => year * 10_000 + month * 100 + day);
    const places = [0, 1, 2, 3, 4, 5, 6, 7];
    fc.assert(
      fc.property(date, fc.nat(7), fc.nat(9), date, (one, at, digit, other) => {
        const text = `${one}`;
        const changed = Number(text.slice(0, at) + digit + text.slice(at + 1));
        const turned = Number(text.slice(0, at) + (text[at + 1] ?? "") + (text[at] ?? "") + text.slice(at + 2));
        for (const beside of [changed, turned]) if (beside !== one) expect(isDateSlip(one, beside)).toBe(true);
        const different = places.filter((place) => `${one}`[place] !== `${other}`[place]).length;
        if (different > 2 && isDateSlip(one, other))
          expect(other).toBe(Math.floor(one / 10_000) * 10_000 + (one % 100) * 100 + (Math.floor(one / 100) % 100));
        expect(isDateSlip(19800517, 19801705)).toBe(true);
      }),
    );
  });
});

const isPlaceholder = (digits: string): boolean =>
  /(\d)\1{6}$/.test(digits) ||
  ["01234567890123456789", "98765432109876543210"].some((row) => row.includes(digits.slice(-9))) ||
  (digits.length >= 10 && /555(?:5555|01\d\d)$/.test(digits));
