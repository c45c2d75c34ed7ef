import { Aws, Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { retention } from "../../shared/retention.ts";
import type { Stage } from "../stages.ts";
import type { ApiFunction } from "./api-function.ts";
import { type BoundKey, createBoundKey } from "./bound-key.ts";

/** What was read, and what came of it: the first word of an object's name. */
type Life = "pages" | "rosters";

/**
 * Where rosters' pages of people lie: each sealed by whoever wrote it under a key that KMS has sealed for its customer and
 * roster, so that who reads the bucket reads nothing. They go by themselves after their time, and with their customer.
 */
export class RosterPages extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;
  readonly #bound: BoundKey;
  /** The bucket's name without the account and the region, which make it one of all the world's. */
  readonly #name: string;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.#name = `perch-${stage.name}-rosters-`;
    this.#bound = createBoundKey(this, {
      description: "Seals the keys of rosters' pages under their customer_id and roster_id",
      contextKeys: ["customer_id", "roster_id"],
      deniedWithout: ["Encrypt", "Decrypt", "GenerateDataKey*", "ReEncryptFrom", "ReEncryptTo"],
    });
    this.key = this.#bound.key;
    this.bucket = new Bucket(this, "Bucket", {
      bucketName: `${this.#name}${Aws.ACCOUNT_ID}-${Aws.REGION}`,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        { id: "read", prefix: "pages/", expiration: Duration.days(retention.rosterReadDays) },
        { id: "rosters", prefix: "rosters/", expiration: Duration.days(retention.rosterDays + 1) },
        { id: "unfinished", abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "An access log would name customers. What is in an object opens by KMS only, and CloudTrail has each use.",
    });
  }

  /** Keep what was read of a customer's people, and read it again. */
  letRead(made: ApiFunction) {
    this.#let(made, ["GetObject", "PutObject"], "pages");
    this.#letKey(made, "GenerateDataKey", "Decrypt");
  }

  /** Make a roster of what was read. */
  letReconcile(made: ApiFunction) {
    this.#let(made, ["GetObject"], "pages");
    this.#let(made, ["GetObject", "PutObject"], "rosters");
    this.#letKey(made, "GenerateDataKey", "Decrypt");
  }

  /** Read rosters. */
  letShow(made: ApiFunction) {
    this.#let(made, ["GetObject"], "rosters");
    this.#letKey(made, "Decrypt");
  }

  /** Erase a customer's pages, unread. */
  letErase(made: ApiFunction) {
    for (const life of ["pages", "rosters"] as const) this.#let(made, ["DeleteObject"], life);
    made.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ["s3:ListBucket"],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { "s3:prefix": ["pages/*", "rosters/*"] } },
      }),
    );
  }

  #let(made: ApiFunction, actions: readonly string[], life: Life) {
    made.fn.addEnvironment("ROSTER_BUCKET", this.bucket.bucketName);
    const objects = (partition: string, account: string, region: string) =>
      `arn:${partition}:s3:::${this.#name}${account}-${region}/${life}/*`;
    made.fn.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `s3:${action}`),
        resources: [objects(Aws.PARTITION, Aws.ACCOUNT_ID, Aws.REGION)],
      }),
    );
    this.#accept(made, objects("<AWS::Partition>", "<AWS::AccountId>", "<AWS::Region>"));
  }

  #accept({ fn }: ApiFunction, resource: string) {
    if (fn.role === undefined) throw new Error("a function has no role");
    Validations.of(fn.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason:
        "Objects are named after customers and rosters, which come and go. Each opens by KMS only, for its customer.",
    });
  }

  #letKey(made: ApiFunction, ...actions: readonly string[]) {
    made.fn.addEnvironment("ROSTER_KEY_ARN", this.key.keyArn);
    this.#bound.grant(made.fn, ...actions);
  }
}
