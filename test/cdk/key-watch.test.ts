/** Who is told when the key of the tokens, or that of the rosters' people, is used by a stranger, or changed. */
import { describe, expect, it } from "vitest";
import { statementsOf } from "./permissions-of.ts";
import { key, pagesKey } from "./permissions-table.ts";
import { resourcesOf, synthesise } from "./support.ts";

const assembly = synthesise("production");
const all = [...resourcesOf(assembly, "AWS::Events::Rule").values()];

describe.each([
  ["of the tokens", "KeyWatch", key, "The key of Finch's access tokens: "],
  ["of the rosters' people", "PeopleKeyWatch", pagesKey, "The key of the rosters' people: "],
])("the key %s", (_, watch, watched, text) => {
  const rules = all.filter(({ name }) => name.startsWith(`${watch}/`));
  const patternOf = (name: string) =>
    rules.find((rule) => rule.name === `${watch}/${name}`)?.properties["EventPattern"] as {
      readonly detail: {
        readonly eventName: readonly string[];
        readonly userIdentity: { readonly arn: readonly unknown[] };
      };
    };

  it("is watched for whoever opens with it and is none of the functions that may", () => {
    const may = [...statementsOf(assembly)]
      .filter(([, own]) =>
        own.some(({ actions, resources }) => actions.includes("kms:Decrypt") && resources.includes(watched)),
      )
      .map(([name]) => {
        const stack = resourcesOf(assembly, "AWS::Lambda::Function").get(`${name}/Function`)?.stack;
        const stackName = stack === "PerchRosters" ? "rosters" : "api";
        return `arn:AWS::Partition:sts::AWS::AccountId:assumed-role/perch-production-${stackName}-*/perch-production-${name}`;
      });
    const { eventName, userIdentity } = patternOf("Strangers").detail;
    const [{ "anything-but": own }] = userIdentity.arn as [{ "anything-but": { wildcard: string[] } }];
    expect([eventName, own.wildcard.toSorted()]).toEqual([["Decrypt", "ReEncrypt"], may.toSorted()]);
    expect(may.length).toBeGreaterThan(3);
    expect(patternOf("Nameless").detail.userIdentity.arn).toEqual([{ exists: false }]);
    expect(patternOf("Changes").detail.eventName).toEqual(expect.arrayContaining(["PutKeyPolicy", "CreateGrant"]));
  });

  it("is told of on the topic of alarms, by what reads as well", () => {
    expect(rules).toHaveLength(3);
    for (const { properties } of rules) {
      expect(properties).toMatchObject({
        State: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        EventPattern: { source: ["aws.kms"], detail: { resources: { ARN: [watched] } } },
        Targets: [{ Arn: "AlarmTopic/Topic" }],
      });
      expect(JSON.stringify(properties["Targets"])).toContain(text);
    }
  });
});
