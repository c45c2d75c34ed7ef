import { RemovalPolicy } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";

/** What a key is for. */
export interface BoundKeyProps {
  readonly description: string;
  /** What its ciphertexts are bound to: KMS opens one only for a call that names the same. */
  readonly contextKeys: readonly string[];
  /** KMS's actions that nobody, an administrator included, may take without naming all of it. */
  readonly deniedWithout: readonly string[];
}

/** A key that seals and opens in an encryption context only. */
export interface BoundKey {
  readonly key: Key;
  /** Grants some of KMS's actions, where the context is named. */
  readonly grant: (fn: LambdaFunction, ...actions: readonly string[]) => void;
}

/**
 * Makes the key of a construct. The account's IAM decides who may use it (the key policy's first statement, as KMS makes it);
 * who does not name the context may not.
 */
export const createBoundKey = (
  scope: Construct,
  { description, contextKeys, deniedWithout }: BoundKeyProps,
): BoundKey => {
  const key = new Key(scope, "Key", { description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
  for (const contextKey of contextKeys) {
    key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: deniedWithout.map((action) => `kms:${action}`),
        resources: ["*"],
        conditions: { Null: { [`kms:EncryptionContext:${contextKey}`]: "true" } },
      }),
    );
  }
  const named = Object.fromEntries(contextKeys.map((contextKey) => [`kms:EncryptionContext:${contextKey}`, "false"]));
  const grant: BoundKey["grant"] = (fn, ...actions) => {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `kms:${action}`),
        resources: [key.keyArn],
        conditions: { Null: named },
      }),
    );
  };
  return { key, grant };
};
