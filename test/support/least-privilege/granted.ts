/** The table of permissions, as statements that a call can be put to. */
import type { TokenStoreName } from "../../../local/stack/options.ts";
import type { Statement } from "../../cdk/permissions-of.ts";
import { moreForSecrets, permissionsFor } from "../../cdk/permissions-table.ts";

/** Stands for every secret that holds a token. */
export const aTokenSecret = "TokenSecret";

const contextOf = (name: string) => ({
  Null: { "kms:EncryptionContext:customer_id": "false", [`kms:EncryptionContext:${name}`]: "false" },
});
const keysOf = (pattern: string) => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [pattern] },
  Null: { "dynamodb:LeadingKeys": "false" },
});

/** A line of the table as the statement that it stands for: `toLine`, read backwards. */
const toStatement = (line: string): Statement => {
  const [, actions = "", resources = "", keys, naming, condition] =
    /^([\w: ]+) on (.*?)(?:, keys ([A-Z]+#\*)|(?:, naming customer_id and (\w+))| if (\{.*\}))?$/.exec(line) ?? [];
  if (actions === "") throw new Error(`no line of a table: ${line}`);
  return {
    effect: "Allow",
    actions: actions.split(" "),
    resources: resources.replaceAll("…", aTokenSecret).split(" "),
    condition: keys ? keysOf(keys) : naming ? contextOf(naming) : condition && JSON.parse(condition),
    principal: undefined,
  };
};

/** What each function's role is granted on a local stage, its own log included. */
export const readGranted = (tokenStore: TokenStoreName): ReadonlyMap<string, readonly Statement[]> => {
  const table = permissionsFor("Function");
  const more = tokenStore === "kms" ? {} : moreForSecrets;
  const names = new Set([...Object.keys(table), ...Object.keys(more)]);
  const ownLog = (name: string) => `logs:CreateLogStream logs:PutLogEvents on ${name}/Log`;
  return new Map(
    [...names].map((name) => [
      name,
      [...new Set([...(table[name] ?? []), ...(more[name] ?? []), ownLog(name)])].map(toStatement),
    ]),
  );
};
