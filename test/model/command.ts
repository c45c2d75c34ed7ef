/** How commands are made, and what they draw. */
import fc from "fast-check";
import { faultsOf, type Point } from "../faults/faulty-ports.ts";
import { compare } from "./compare.ts";
import { employers, products, type SignIn } from "./finch.ts";
import type { Model } from "./model.ts";
import type { Perch } from "./perch.ts";

export type Command = fc.AsyncCommand<Model, Perch>;
type Step<Drawn> = (model: Model, perch: Perch, drawn: Drawn) => Promise<unknown>;

/** A command that compares everything after its step. What it drew is shown as it is; what it came to is in the story. */
export const command = <Drawn>(
  name: string,
  drawn: fc.Arbitrary<Drawn>,
  step: Step<Drawn>,
  isPossible: (model: Model) => boolean = () => true,
): fc.Arbitrary<Command> =>
  drawn.map((value) => ({
    check: isPossible,
    async run(model, perch) {
      perch.advance(1_000);
      await step(model, perch, value);
      compare(model, perch);
    },
    toString: () => name,
  }));

/** One of these, whatever number was drawn. */
export const pick = <Value>(values: Iterable<Value>, drawn: number): Value => {
  const all = [...values];
  const found = all[drawn % all.length];
  if (found === undefined) throw new Error("a command was run that is not possible");
  return found;
};

export const some = fc.nat(11);
/** Mostly the same one, so that there is something to meet. */
export const customer = fc.constantFrom("acme", "acme", "acme", "globex", "initech");
export const signIn: fc.Arbitrary<SignIn> = fc.record({
  employer: fc.constantFrom(0, 0, 0, ...employers.keys()),
  person: fc.nat(1),
  products: fc.subarray([...products], { minLength: 1 }),
  all: fc.boolean(),
  kind: fc.constantFrom(...Array.from({ length: 10 }, () => "usual" as const), "foreign" as const, "long" as const),
});
export const fault: fc.Arbitrary<Point | undefined> = fc.option(
  fc.record({ call: fc.integer({ min: 1, max: 12 }), fault: fc.constantFrom(...faultsOf("a port's")) }),
  { nil: undefined, freq: 3 },
);
export const mode = fc.constantFrom("redirect" as const, "embedded" as const);
/** Mostly not. */
export const seldom = fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 3);

export const hasConnections = ({ connections }: Model) => connections.size > 0;
