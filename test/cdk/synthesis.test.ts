/** Whole stages, with the rules of AWS checked on their templates: some seconds each. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { CURRENTLY_RECOMMENDED_FLAGS } from "aws-cdk-lib/cx-api";
import { describe, expect, it } from "vitest";
import { addChecks } from "../../cdk/checks.ts";
import { root, synthesise } from "./support.ts";

describe("synthesis", () => {
  it.each(["local", "sandbox", "production"])("of %s breaks no rule and asks no account anything", (stage) => {
    const { missing, stackNames } = synthesise(stage, { checked: true });
    expect(missing).toEqual([]);
    const stacks = stage === "local" ? ["data", "api", "rosters"] : ["data", "api", "rosters", "operations"];
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
