/** Who is told when the key of the tokens is used by a stranger, or changed. */
import { describe, expect, it } from "vitest";
import { statementsOf } from "./permissions-of.ts";
import { resourcesOf, synthesise } from "./support.ts";

const assembly = synthesise("production");

describe("the key of the tokens", () => {
  const rules = [...resourcesOf(assembly, "AWS::Events::Rule").values()].filter(({ name }) =>
    name.startsWith("KeyWatch/"),
  );
  const patternOf = (name: string) =>
    rules.find((rule) => rule.name === `KeyWatch/${name}`)?.properties["EventPattern"] as {
      readonly detail: {
        readonly eventName: readonly string[];
        readonly userIdentity: { readonly arn: readonly unknown[] };
      };
    };

  it("is watched for whoever opens a token and is none of the functions that may", () => {
    const may = [...statementsOf(assembly)]
      .filter(([, own]) => own.some(({ actions }) => actions.includes("kms:Decrypt")))
      .map(
        ([name]) =>
          `arn:AWS::Partition:sts::AWS::AccountId:assumed-role/perch-production-api-*/perch-production-${name}`,
      );
    const { eventName, userIdentity } = patternOf("Strangers").detail;
    const [{ "anything-but": own }] = userIdentity.arn as [{ "anything-but": { wildcard: string[] } }];
    expect([eventName, own.wildcard.toSorted()]).toEqual([["Decrypt", "ReEncrypt"], may.toSorted()]);
    expect(patternOf("Nameless").detail.userIdentity.arn).toEqual([{ exists: false }]);
    expect(patternOf("Changes").detail.eventName).toEqual(expect.arrayContaining(["PutKeyPolicy", "CreateGrant"]));
  });

  it("is told of on the topic of alarms, by what reads as well", () => {
    expect(rules).toHaveLength(3);
    for (const { properties } of rules) {
      expect(properties).toMatchObject({
        State: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        EventPattern: { source: ["aws.kms"], detail: { resources: { ARN: ["TokenKey/Key"] } } },
        Targets: [{ Arn: "AlarmTopic/Topic" }],
      });
    }
  });
});
