/** What Perch promises, by number: each planted bug breaks one of these. */
export const invariants = {
  1: "a connection has one owner",
  2: "a token that Finch issued is stored, or its loss is visible: never silent, never twice, never under another customer",
  3: "a `state` is random, hashed, used once, and bound to its customer and its browser",
  4: "a ciphertext opens only for its own customer and connection, and no role both decrypts and scans",
  5: "what Finch returned decides whose a token is, and what is not ours is never disconnected",
  6: "an exchange only adds tokens, and a connection never loses its last one",
  7: "webhooks make Perch look, and decide nothing",
  8: "the platform's trouble changes no connection, and no token goes early",
  9: "a disconnect is driven until Finch confirms it, and the ciphertext goes only then",
  10: "no decision rests on a read that its write does not condition on, and what must agree moves together",
  11: "Finch's limits are never exceeded",
  12: "nothing logged, told or stored holds a secret in clear",
  13: "the door lets in what the OpenAPI document describes, to whom it belongs",
  14: "a call costs what docs/cost.md says",
  15: "what a call reads and writes does not grow with the connections",
  16: "two people are never one employee on weak evidence, and what the platform decides about them holds",
  17: "who could not be read has not left, who has is not shown, and nothing of a roster outlives its customer",
} as const;

/** A mistake that somebody could make in the source, and the test that is to find it. */
export interface PlantedBug {
  /** What the table and the filter know it by. */
  readonly name: string;
  /** What the code does then. */
  readonly sentence: string;
  readonly breaks: keyof typeof invariants;
  /** The source file, and the text in it that is replaced; it is there exactly once. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** The test that fails then: its project, its file, and (part of) its name with those of its groups. */
  readonly test: NamedTest;
}

/** A test, by what its runner knows it by. */
export interface NamedTest {
  readonly project: "unit" | "contract" | "faults" | "cdk" | "web";
  readonly file: string;
  readonly name: string;
}

/**
 * The text with the bug in it.
 *
 * @throws Error if the text to replace is not there, or more than once: the source has moved on, and the bug must follow.
 */
export const plant = (text: string, { name, file, before, after }: PlantedBug): string => {
  const count = text.split(before).length - 1;
  if (count !== 1) throw new Error(`${name}: the text to replace is ${count} times in ${file}, not once`);
  return text.replace(before, () => after);
};

/** A test below `test/unit/`. */
export const unit = (file: string, name: string): NamedTest => ({
  project: "unit",
  file: `test/unit/${file}.test.ts`,
  name,
});

/** A test of the stores' contract, on dynoxide. */
export const contract = (name: string): NamedTest => ({
  project: "contract",
  file: "test/contract/dynamodb.test.ts",
  name,
});

/** The test of what is counted and priced. */
export const cost = (name: string): NamedTest => ({
  project: "contract",
  file: "test/contract/cost.test.ts",
  name,
});

/** The test of what each operation reads and writes, with few connections and with many. */
export const growth = (operation: string): NamedTest => ({
  project: "contract",
  file: "test/contract/growth.test.ts",
  name: `${operation}: the same items`,
});

/** A test of the templates. */
export const cdk = (file: string, name: string): NamedTest => ({
  project: "cdk",
  file: `test/cdk/${file}.test.ts`,
  name,
});
