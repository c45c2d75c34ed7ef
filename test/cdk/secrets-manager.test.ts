/** What changes on a stage whose tokens are kept in secrets. */
import { describe, expect, it } from "vitest";
import { statementsOf, toLine } from "./permissions-of.ts";
import { moreForSecrets } from "./permissions-table.ts";
import { type Assembly, resourcesOf, synthesise } from "./support.ts";

const tokenStore = "secrets-manager";
const secretArn = (stage: string) =>
  `arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:perch/${stage}/????????-????-7???-????-????????????`;

/** Each function's permissions, one line for each action set on a set of resources. */
const linesOf = (assembly: Assembly, stage: string): Map<string, string[]> => {
  const secrets = `${secretArn(stage)} ${secretArn(stage)}-??????`;
  return new Map(
    [...statementsOf(assembly)].map(([name, own]) => [
      name,
      own.map((statement) => toLine(statement).replace(secrets, "…")).toSorted(),
    ]),
  );
};

const variablesOf = (properties: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> =>
  (properties?.["Environment"] as { readonly Variables: Record<string, string> } | undefined)?.Variables ?? {};

describe.each(["local", "production"])("the token store secrets-manager on the stage %s", (stage) => {
  const inItems = synthesise(stage);
  const inSecrets = synthesise(stage, { context: { tokenStore } });
  const before = linesOf(inItems, stage);
  const after = linesOf(inSecrets, stage);

  it("gives each function these permissions more, and takes none away", () => {
    const difference = (left: typeof before, right: typeof before) =>
      Object.fromEntries(
        [...left]
          .map(([name, lines]) => [name, lines.filter((line) => !right.get(name)?.includes(line))] as const)
          .filter(([, lines]) => lines.length > 0),
      );
    expect(difference(after, before)).toEqual(moreForSecrets);
    expect(difference(before, after)).toEqual({});
  });

  it("tells those functions, and no others, where the secrets are", () => {
    const told = [...resourcesOf(inSecrets, "AWS::Lambda::Function").values()].flatMap(({ name, properties }) => {
      const prefix = variablesOf(properties)["TOKEN_SECRET_PREFIX"];
      return prefix === undefined ? [] : [[name.replace("/Function", ""), prefix]];
    });
    const prefix = secretArn(stage).replace(/[^/]*$/, "");
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(Object.keys(moreForSecrets).map((name) => [name, prefix])),
    );
    const sweep = resourcesOf(inSecrets, "AWS::Lambda::Function").get("sweep-secrets/Function")?.properties;
    const read = ["SWEEP_SECRETS", "SWEEP_SECRETS_QUEUE_URL", "TABLE_NAME", "TOKEN_SECRET_PREFIX"];
    expect(Object.keys(variablesOf(sweep)).toSorted()).toEqual(read);
  });

  it("lets no function that is about tokens touch a secret of another kind", () => {
    const names = [...resourcesOf(inSecrets, "AWS::SecretsManager::Secret").values()].map(({ properties }) =>
      String(properties["Name"]),
    );
    expect(names).toContain(`perch/${stage}/finch-application`);
    const pattern = secretArn(stage).split(":secret:")[1] ?? "";
    const matcher = (text: string) => new RegExp(`^${text.replaceAll("?", ".")}$`);
    for (const name of names.flatMap((each) => [each, `${each}-AbCdEf`])) {
      expect(name).not.toMatch(matcher(pattern));
      expect(name).not.toMatch(matcher(`${pattern}-??????`));
    }
    const aTokens = `perch/${stage}/0198c0de-aaaa-7bbb-8ccc-0123456789ab-AbCdEf`;
    expect(aTokens).toMatch(matcher(`${pattern}-??????`));
  });

  it("lets who sweeps secrets read no value, open nothing, and remove nothing for good", () => {
    const lines = after.get("sweep-secrets")?.join("\n");
    expect(lines).not.toMatch(/GetSecretValue|kms:|DeleteSecret on …$/m);
  });

  it("sweeps once a day, from a queue with dead letters, unless the stage says off", () => {
    const rule = resourcesOf(inSecrets, "AWS::Events::Rule").get("SweepSecrets");
    expect(rule?.properties).toMatchObject({
      ScheduleExpression: "rate(1 day)",
      Targets: [{ Arn: "SecretSweeps/Queue", Input: "{}" }],
    });
    const sweep = (assembly: Assembly) =>
      variablesOf(resourcesOf(assembly, "AWS::Lambda::Function").get("sweep-secrets/Function")?.properties);
    expect(sweep(inSecrets)).toMatchObject({ SWEEP_SECRETS: "on" });
    expect(sweep(synthesise(stage, { context: { tokenStore, sweepSecrets: "off" } }))).toMatchObject({
      SWEEP_SECRETS: "off",
    });
    expect(sweep(inItems)).toEqual({});
  });

  it("breaks no rule", () => {
    expect(synthesise(stage, { checked: true, context: { tokenStore } }).missing).toEqual([]);
  });
});
