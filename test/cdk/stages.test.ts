import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { CURRENTLY_RECOMMENDED_FLAGS } from "aws-cdk-lib/cx-api";
import { describe, expect, it } from "vitest";
import { addChecks } from "../../cdk/checks.ts";
import { readStage } from "../../cdk/stages.ts";
import { resourcesOf, root, synthesise } from "./support.ts";

describe("synthesis", () => {
  it.each(["local", "sandbox", "production"])("of %s breaks no rule and asks no account anything", (stage) => {
    const { missing, stackNames } = synthesise(stage, { checked: true });
    expect(missing).toEqual([]);
    const stacks = stage === "local" ? ["data", "api"] : ["data", "api", "operations"];
    expect(stackNames).toEqual(stacks.map((name) => `perch-${stage}-${name}`));
  });

  it("fails where a rule is broken", () => {
    const outdir = mkdtempSync(join(tmpdir(), "perch-cdk-"));
    const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    new Queue(new Stack(app, "Careless"), "Queue");
    addChecks(app);
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
    rmSync(outdir, { recursive: true, force: true });
  });

  it("is configured once and for all: no feature flag is left to its default", () => {
    const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8"));
    // The data stack cannot be deleted under the API stack that uses it.
    expect(context["@aws-cdk/core:defaultCrossStackReferences"]).toBe("strong");
    expect(context["@aws-cdk/core:validateAgainstDefaultRules"]).toBe(true);
    expect(Object.keys(CURRENTLY_RECOMMENDED_FLAGS).filter((flag) => !Object.hasOwn(context, flag))).toEqual([]);
  });
});

describe("the operations stack", () => {
  const assembly = synthesise("production");

  it("keeps every event on the bus for 90 days", () => {
    const archives = [...resourcesOf(assembly, "AWS::Events::Archive").values()];
    expect(archives).toMatchObject([
      {
        stack: "PerchOperations",
        deletionPolicy: "Retain",
        properties: { SourceArn: "Bus", EventPattern: { account: ["AWS::AccountId"] }, RetentionDays: 90 },
      },
    ]);
  });

  it("has all that an emulated AWS refuses", () => {
    const refused =
      /Events::(Archive|Connection|ApiDestination)|CodeDeploy::|RotationSchedule|CompositeAlarm|ApplicationAutoScaling::|WebACLAssociation/;
    const elsewhere = assembly.resources.filter(({ stack, type }) => stack !== "PerchOperations" && refused.test(type));
    expect(elsewhere).toEqual([]);
  });
});

describe("a stage", () => {
  it("is production unless the context says otherwise", () => {
    expect(readStage(() => undefined)).toMatchObject({ name: "production", finchUrl: "https://api.tryfinch.com" });
  });

  it.each([
    [{ stage: "prod" }, "context stage=prod: expected one of production, sandbox, local"],
    [{ finchUrl: "https://finch.example/v1" }, "context finchUrl=https://finch.example/v1: expected an origin"],
    [{ publicUrl: "perch.example" }, "context publicUrl=perch.example: expected an origin"],
    [{ returnOrigins: "https://a.example,b" }, "context returnOrigins=b: expected an origin"],
    [{ defaultCustomerMode: "many" }, "context defaultCustomerMode=many: expected one of single, multiple"],
    [{ tokenStore: "vault" }, "context tokenStore=vault: expected one of kms, secrets-manager"],
    [{ sweepSecrets: "yes" }, "context sweepSecrets=yes: expected one of on, off"],
    [{ finchClientType: "live" }, "context finchClientType=live: expected one of production, development, sandbox"],
  ])("refuses the context %j with a sentence", (context: Readonly<Record<string, string>>, message) => {
    expect(() => readStage((name) => context[name])).toThrow(message);
  });
});
