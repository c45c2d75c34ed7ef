import type { Statement } from "./permissions-of.ts";

/** A call of AWS, as IAM judges it. */
export interface AwsCall {
  readonly action: string;
  readonly resource: string;
  /** The condition keys that the call has. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/**
 * What IAM says to a call: a Deny wins, and what no Allow names is denied.
 *
 * It knows the operators that this project's policies have. @throws Error on any other, rather than guess.
 */
export const isAllowed = (statements: readonly Statement[], call: AwsCall): boolean => {
  const matching = statements.filter((statement) => matches(statement, call));
  return matching.some(({ effect }) => effect === "Allow") && !matching.some(({ effect }) => effect === "Deny");
};

const matches = ({ actions, resources, condition }: Statement, call: AwsCall): boolean =>
  actions.some((pattern) => isLike(call.action.toLowerCase(), pattern.toLowerCase())) &&
  resources.some((pattern) => isLike(call.resource, pattern)) &&
  Object.entries((condition ?? {}) as Conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, call.context?.[key] ?? [], [wanted].flat())),
  );

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

const holds = (operator: string, values: readonly string[], wanted: readonly string[]): boolean => {
  switch (operator) {
    case "Null":
      return wanted.includes(`${values.length === 0}`);
    case "StringLike":
      return values.length > 0 && values.every((value) => wanted.some((pattern) => isLike(value, pattern)));
    case "ForAllValues:StringLike":
      return values.every((value) => wanted.some((pattern) => isLike(value, pattern)));
    case "NumericEquals":
      return values.length > 0 && values.every((value) => wanted.some((each) => Number(each) === Number(value)));
    default:
      throw new Error(`the operator ${operator} is not known here: teach it before it is used`);
  }
};

/** `*` and `?` as IAM has them. */
const isLike = (value: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  ).test(value);
