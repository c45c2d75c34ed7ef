/** What is tried on the key and on the secrets. */
import { type Attempt, attempt } from "./attempt.ts";
import { json } from "./call-aws.ts";
import type { Deployed } from "./deployed.ts";
import { aTokenSecret } from "./granted.ts";

const tokenKey = "TokenKey/Key";

const contexts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "both names": { customer_id: "of-somebody", connection_id: "of-somebody" },
  "others' names": { customer_id: "of-another", connection_id: "of-another" },
  "one name more": { customer_id: "of-somebody", connection_id: "of-somebody", purpose: "theft" },
  "the customer only": { customer_id: "of-somebody" },
  "the connection only": { connection_id: "of-somebody" },
  "other names": { customer: "of-somebody", connection: "of-somebody" },
  "no context": {},
};

export const keyAttempts = ({ arnOf, ciphertext }: Deployed): Attempt[] => {
  const KeyId = arnOf(tokenKey);
  const kms = (operation: string, body: object, words = "", context: Readonly<Record<string, string>> = {}) =>
    attempt(
      `kms:${operation}`,
      tokenKey,
      json("kms", `TrentService.${operation}`, { KeyId, ...body }),
      Object.fromEntries(Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, [value]])),
      words && `, ${words}`,
    );
  const named = Object.entries(contexts).flatMap(([words, EncryptionContext]) => {
    const text = { Plaintext: Buffer.from("nothing").toString("base64"), EncryptionContext };
    return [
      kms("Encrypt", text, words, EncryptionContext),
      kms("Decrypt", { CiphertextBlob: ciphertext, EncryptionContext }, words, EncryptionContext),
      kms("GenerateDataKey", { KeySpec: "AES_256", EncryptionContext }, words, EncryptionContext),
    ];
  });
  const others = ["CreateGrant", "PutKeyPolicy", "GetKeyPolicy", "DisableKey", "DescribeKey", "EnableKeyRotation"];
  return [
    ...named,
    ...others.map((operation) => kms(operation, { PolicyName: "default", Policy: "{}" })),
    kms("ReEncrypt", { CiphertextBlob: ciphertext, DestinationKeyId: KeyId }),
    kms("ScheduleKeyDeletion", { PendingWindowInDays: 30 }),
  ];
};

export const secretAttempts = ({ arnOf, namesOf }: Deployed): Attempt[] => {
  const operations = [
    ...[
      "GetSecretValue",
      "DescribeSecret",
      "DeleteSecret",
      "PutSecretValue",
      "UpdateSecret",
      "UpdateSecretVersionStage",
    ],
    ...[
      "PutResourcePolicy",
      "GetResourcePolicy",
      "RestoreSecret",
      "TagResource",
      "ListSecretVersionIds",
      "RotateSecret",
    ],
  ];
  const manager = (operation: string, body: object) => json("secretsmanager", `secretsmanager.${operation}`, body);
  // A token's secret is named by its id; this one is nobody's.
  const tokenSecretId = "perch/local/0198c0de-aaaa-7bbb-8ccc-0123456789ab";
  const secrets = [
    ...namesOf("AWS::SecretsManager::Secret").map((name) => [name, arnOf(name)] as const),
    [aTokenSecret, tokenSecretId] as const,
  ];
  const window = (days: number): Attempt => {
    const request = manager("DeleteSecret", { SecretId: tokenSecretId, RecoveryWindowInDays: days });
    const context = { "secretsmanager:RecoveryWindowInDays": [`${days}`] };
    return attempt("secretsmanager:DeleteSecret", aTokenSecret, request, context, `, to be had back for ${days} days`);
  };
  return [
    ...secrets.flatMap(([name, SecretId]) =>
      operations.map((operation) => attempt(`secretsmanager:${operation}`, name, manager(operation, { SecretId }))),
    ),
    window(30),
    window(7),
    attempt("secretsmanager:ListSecrets", "*", manager("ListSecrets", { MaxResults: 1 })),
    attempt("secretsmanager:BatchGetSecretValue", "*", manager("BatchGetSecretValue", { Filters: [] })),
    // One is there already under the first name; the second is too long a text to be kept.
    attempt(
      "secretsmanager:CreateSecret",
      "FinchApplication/Secret",
      manager("CreateSecret", { Name: "perch/local/finch-application", SecretString: "nothing" }),
    ),
    attempt(
      "secretsmanager:CreateSecret",
      aTokenSecret,
      manager("CreateSecret", { Name: tokenSecretId, SecretString: "0".repeat(70_000) }),
    ),
  ];
};
