import { ArnFormat, Stack, Validations } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnApplication, CfnDeploymentGroup } from "aws-cdk-lib/aws-codedeploy";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import { deploymentNames } from "./api-function.ts";

/** What is deployed step by step. */
export interface CanaryProps {
  readonly stage: Stage;
  /** The functions, by name, and the alarms that stop and undo a deployment of each. */
  readonly functions: ReadonlyMap<string, readonly Alarm[]>;
}

/** A page names its files by what is in them: one version would not have the other's files, if both were served. */
const allAtOnce: ReadonlySet<string> = new Set(["serve-page"]);

/**
 * A tenth of the calls goes to a function's new version for five minutes, then all: unless an alarm is raised, which takes
 * all back to the old version and fails the deploy. What cannot be served in two versions moves at once. The functions' aliases name application and groups by their fixed names,
 * and these name the functions by theirs, so that neither stack refers to the other.
 */
export class Canary extends Construct {
  constructor(scope: Construct, id: string, { stage, functions }: CanaryProps) {
    super(scope, id);
    const role = this.#createRole(stage, [...functions.keys()]);
    const { applicationName } = deploymentNames(stage, "");
    const application = new CfnApplication(this, "Application", { applicationName, computePlatform: "Lambda" });
    for (const [name, alarms] of functions) {
      new CfnDeploymentGroup(this, name, {
        applicationName: application.ref,
        deploymentGroupName: deploymentNames(stage, name).deploymentGroupName,
        serviceRoleArn: role.roleArn,
        deploymentConfigName: allAtOnce.has(name)
          ? "CodeDeployDefault.LambdaAllAtOnce"
          : "CodeDeployDefault.LambdaCanary10Percent5Minutes",
        deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        alarmConfiguration: { enabled: true, alarms: alarms.map(({ alarmName }) => ({ name: alarmName })) },
        autoRollbackConfiguration: {
          enabled: true,
          events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
        },
      });
    }
  }

  /** Moves the aliases of these functions, and reads alarms. AWS's own role for it may invoke functions and read buckets. */
  #createRole(stage: Stage, names: readonly string[]): Role {
    const arnOf = (resourceName: string) =>
      Stack.of(this).formatArn({
        service: "lambda",
        resource: "function",
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("codedeploy.amazonaws.com") });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
        resources: names.flatMap((name) => {
          const { functionName, aliasName } = deploymentNames(stage, name);
          return [arnOf(functionName), arnOf(`${functionName}:${aliasName}`)];
        }),
      }),
    );
    role.addToPolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] }),
    );
    Validations.of(role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "cloudwatch:DescribeAlarms wants all alarms as its resource. It reads whether they are raised.",
    });
    return role;
  }
}
