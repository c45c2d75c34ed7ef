import { type Assembly, type Resource, resourcesOf } from "./support.ts";

/** A statement of a policy, its lists always lists. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: unknown;
  readonly principal: unknown;
}

interface RawStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
  readonly Principal?: unknown;
}

/** Every function by its folder's name, with the statements of its role. @throws Error where a role is not read in full. */
export const statementsOf = (assembly: Assembly): ReadonlyMap<string, readonly Statement[]> => {
  const policies = [...resourcesOf(assembly, "AWS::IAM::Policy").values()];
  const roles = resourcesOf(assembly, "AWS::IAM::Role");
  return new Map(
    [...resourcesOf(assembly, "AWS::Lambda::Function").values()].map(({ name, properties }) => {
      const role = roles.get(String(properties["Role"]));
      if (role === undefined) throw new Error(`${name} has a role from elsewhere`);
      for (const other of ["ManagedPolicyArns", "Policies"]) {
        if (role.properties[other] !== undefined) throw new Error(`${role.name} has ${other}, which nobody reviews`);
      }
      const own = policies.filter((policy) => (policy.properties["Roles"] as string[]).includes(role.name));
      return [name.replace(/\/Function$/, ""), own.flatMap(readStatements)] as const;
    }),
  );
};

/** The statements of a policy, or of a key's policy. */
export const readStatements = ({ properties }: Pick<Resource, "properties">): Statement[] => {
  const document = (properties["PolicyDocument"] ?? properties["KeyPolicy"]) as { readonly Statement: RawStatement[] };
  return document.Statement.map((raw) => ({
    effect: raw.Effect,
    actions: [raw.Action].flat(),
    resources: [raw.Resource].flat(),
    condition: raw.Condition,
    principal: raw.Principal,
  }));
};

const pagesArn = /^arn:AWS::Partition:s3:::perch-[a-z]+-rosters-AWS::AccountId-AWS::Region(?=\/(?:pages|rosters)\/\*$)/;
const machineArn = /^arn:AWS::Partition:states:AWS::Region:AWS::AccountId:stateMachine:perch-[a-z]+-rosters$/;
const executionsArn = /^arn:AWS::Partition:states:AWS::Region:AWS::AccountId:execution:perch-[a-z]+-rosters:\*$/;

/** A resource in the table's words: objects below their bucket, and executions below their state machine. */
const nameOf = (resource: string): string =>
  resource
    .replace(pagesArn, "RosterPages/Bucket")
    .replace(machineArn, "Rosters/Machine")
    .replace(executionsArn, "Rosters/Machine:*");

/** A statement as a line: actions, `on` resources, and what must hold. A condition that is not known is shown as it is. */
export const toLine = ({ effect, actions, resources, condition }: Statement): string =>
  [
    effect === "Allow" ? "" : `${effect} `,
    actions.toSorted().join(" "),
    " on ",
    resources.map(nameOf).join(" "),
    toWords(condition),
  ].join("");

const toWords = (condition: unknown): string => {
  if (condition === undefined) return "";
  const text = JSON.stringify(condition);
  const keys =
    /^\{"ForAllValues:StringLike":\{"dynamodb:LeadingKeys":\["([A-Z]+#\*)"\]\},"Null":\{"dynamodb:LeadingKeys":"false"\}\}$/;
  const context =
    /^\{"Null":\{"kms:EncryptionContext:customer_id":"false","kms:EncryptionContext:(connection|roster)_id":"false"\}\}$/;
  if (context.test(text)) return `, naming customer_id and ${context.exec(text)?.[1]}_id`;
  return keys.test(text) ? `, keys ${keys.exec(text)?.[1]}` : ` if ${text}`;
};
