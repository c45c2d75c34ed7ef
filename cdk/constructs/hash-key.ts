import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";

/** The key of the hashes that stay of erased customers. Made once; another one would make the tombstones mute. */
export class HashKey extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.secret = new Secret(this, "Secret", {
      secretName: `perch/${stage.name}/hash-key`,
      description: "Key of the hashes that stay of erased customers",
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: "Rotation would make every tombstone unreadable; the hashes are of no use without an id to compare.",
    });
  }

  letHash(fn: LambdaFunction) {
    fn.addEnvironment("HASH_KEY_ARN", this.secret.secretArn);
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [this.secret.secretArn] }),
    );
  }
}
