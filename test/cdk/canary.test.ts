import { describe, expect, it } from "vitest";
import { readStatements, toLine } from "./permissions-of.ts";
import { type Resource, resourcesOf, synthesise } from "./support.ts";

const assembly = synthesise("production");
const valuesOf = (type: string) => [...resourcesOf(assembly, type).values()];
const functions = valuesOf("AWS::Lambda::Function");
const aliases = valuesOf("AWS::Lambda::Alias");
const groups = valuesOf("AWS::CodeDeploy::DeploymentGroup");

/** These take their work from a stream, a queue or a schedule. A failure of theirs is tried again, and nobody waits. */
const background = [
  "check-connection",
  "drive-deletion",
  "drive-disconnect",
  "publish-events",
  "read-employers",
  "receive-report",
  "sweep-checks",
  "sweep-due",
];
const invoked = functions
  .map(({ name }) => name.replace("/Function", ""))
  .filter((name) => !background.includes(name))
  .toSorted();

describe("a new version of a function that somebody waits for", () => {
  it("takes over step by step: its alias moves with the deployment group of its name", () => {
    expect(aliases.map(({ name }) => name).toSorted()).toEqual(invoked.map((name) => `${name}/Live`).toSorted());
    for (const { name, properties, updatePolicy } of aliases) {
      const folder = name.replace("/Live", "");
      expect(properties).toMatchObject({ Name: "live", FunctionName: `${folder}/Function` });
      expect(updatePolicy).toEqual({
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: "perch-production",
          DeploymentGroupName: `perch-production-${folder}`,
        },
      });
    }
  });

  it("goes back where an alarm is raised: of its errors, or of the gateway's", () => {
    expect(valuesOf("AWS::CodeDeploy::Application").map(({ properties }) => properties)).toEqual([
      { ApplicationName: "perch-production", ComputePlatform: "Lambda" },
    ]);
    expect(groups.map(({ properties }) => properties["DeploymentGroupName"]).toSorted()).toEqual(
      invoked.map((name) => `perch-production-${name}`),
    );
    for (const { name, properties } of groups) {
      const folder = name.replace("Canary/", "");
      expect(properties).toMatchObject({
        ApplicationName: "Canary/Application",
        // The page's files have names of one version: with two at once a browser would miss some.
        DeploymentConfigName:
          folder === "serve-page"
            ? "CodeDeployDefault.LambdaAllAtOnce"
            : "CodeDeployDefault.LambdaCanary10Percent5Minutes",
        AlarmConfiguration: {
          Enabled: true,
          Alarms: [{ Name: `Alarms/${folder}-errors` }, { Name: "Alarms/api-5xx" }],
        },
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
        },
      });
    }
  });

  it("is moved by a role that can do nothing else", () => {
    // What is too long for one policy goes on in others.
    const policies = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"].flatMap((type) =>
      [...resourcesOf(assembly, type)].filter(([name]) => name.startsWith("Canary/Role/")).map(([, policy]) => policy),
    );
    const statements = policies.flatMap((policy) => readStatements(policy));
    const arn = "arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:perch-production-";
    const isMove = ({ actions }: { readonly actions: readonly string[] }) =>
      actions.some((each) => each.startsWith("lambda:"));
    const [moves, others] = [statements.filter(isMove), statements.filter((each) => !isMove(each))];
    const moving = ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"];
    for (const move of moves) expect(move.actions).toEqual(moving);
    expect(moves.flatMap(({ resources }) => resources).toSorted()).toEqual(
      invoked.flatMap((name) => [`${arn}${name}`, `${arn}${name}:live`]).toSorted(),
    );
    expect(others.map(toLine)).toEqual(["cloudwatch:DescribeAlarms on *"]);
    const role = resourcesOf(assembly, "AWS::IAM::Role").get("Canary/Role")?.properties;
    expect(role?.["ManagedPolicyArns"]).toBeUndefined();
    expect(JSON.stringify(role?.["AssumeRolePolicyDocument"])).toContain('{"Service":"codedeploy.amazonaws.com"}');
  });

  it("leaves the one that it replaces, on which an exchange may be under way", () => {
    for (const { deletionPolicy } of valuesOf("AWS::Lambda::Version")) expect(deletionPolicy).toBe("Retain");
  });

  it("does not exist on an emulated AWS, where callers invoke the function itself", () => {
    const local = synthesise("local");
    expect(local.resources.filter(({ type }) => /CodeDeploy|Lambda::(Alias|Version)/.test(type))).toEqual([]);
  });
});

describe("what is made before what", () => {
  /** What a resource needs, by references, by order, and by the fixed names that CloudFormation does not see. */
  const needsOf = (resource: Resource): string[] => {
    const text = JSON.stringify([resource.properties, resource.dependsOn]);
    const byReference = assembly.resources.filter(
      (other) => other.name !== resource.name && text.includes(`"${other.name}"`),
    );
    const policy = JSON.stringify(resource.updatePolicy ?? "");
    const byGroup = groups.filter(({ properties }) => policy.includes(`"${properties["DeploymentGroupName"]}"`));
    const byFunction = functions.filter(({ properties }) => text.includes(`"${properties["FunctionName"]}"`));
    return [...byReference, ...byGroup, ...byFunction].map(({ name }) => name).filter((name) => name !== resource.name);
  };
  const needs = new Map(assembly.resources.map((resource) => [resource.name, needsOf(resource)]));

  it("has no cycle, the fixed names included", () => {
    expect(needs.get("get-customer/Live")).toContain("Canary/get-customer");
    expect(needs.get("Canary/get-customer")).toContain("Alarms/get-customer-errors");
    expect(needs.get("Alarms/get-customer-errors")).toContain("get-customer/Function");
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      if (path.includes(name)) throw new Error(`a cycle: ${[...path, name].join(" → ")}`);
      if (done.has(name)) return;
      for (const next of needs.get(name) ?? []) visit(next, [...path, name]);
      done.add(name);
    };
    for (const name of needs.keys()) visit(name, []);
    expect(done.size).toBe(needs.size);
  });

  it("is data, then the API, then rosters, then the operations, which refer to nothing of those but the data", () => {
    expect(Object.fromEntries(assembly.stackDependencies)).toEqual({
      PerchData: [],
      PerchApi: ["PerchData"],
      PerchRosters: ["PerchApi", "PerchData"],
      PerchOperations: ["PerchApi", "PerchData", "PerchRosters"],
    });
    const operations = assembly.resources.filter(({ stack }) => stack === "PerchOperations");
    const rebuilt = ["PerchApi", "PerchRosters"];
    const ofApi = assembly.resources.filter(({ stack }) => rebuilt.includes(stack)).map(({ name }) => name);
    const referred = operations.flatMap(({ properties }) =>
      ofApi.filter((name) => JSON.stringify(properties).includes(`"${name}"`)),
    );
    expect(referred).toEqual([]);
  });

  it("puts all that an emulated AWS refuses into the operations stack, or leaves it out there", () => {
    const refused =
      /Events::(Archive|Connection|ApiDestination|EventBusPolicy)|CodeDeploy::|RotationSchedule|CompositeAlarm|ApplicationAutoScaling::|WebACLAssociation/;
    expect(synthesise("local").resources.filter(({ type }) => refused.test(type))).toEqual([]);
  });
});
