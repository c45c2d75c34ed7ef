import type { Explanation } from "./explanation.ts";

/** Why mutants of what uses tokens survive. */
export const useExplanations: readonly Explanation[] = [
  {
    reason: "That both are equal was answered in the condition before",
    file: "choose-token.ts",
    mutants: ["products < 0 → products <= 0"],
  },
  {
    reason: "Only a reply needs the customer: of the others this is undefined, which the compiler wants asked",
    file: "forward-request.ts",
    mutants: ['answer.kind === "reply" → true'],
  },
  {
    reason: "A product that no token has leads to the next wish, which is the same one without a product",
    file: "forward-request.ts",
    mutants: ["product === undefined → false", '[] → ["Stryker was here"]'],
  },
];
