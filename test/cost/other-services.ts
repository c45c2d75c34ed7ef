/** KMS and Secrets Manager, as far as Perch needs them to be counted. */
type Json = Readonly<Record<string, unknown>>;

/** What KMS puts around a plaintext under a symmetric key: ids, the algorithm, and a tag. */
const envelopeBytes = 152;

/** Its "ciphertexts" are as long as real ones, and hide nothing. */
export const kmsAnswer = (operation: string, body: Json): unknown => {
  const blob = (name: string) => Buffer.from(String(body[name]), "base64");
  if (operation === "Encrypt") {
    return { CiphertextBlob: Buffer.concat([Buffer.alloc(envelopeBytes), blob("Plaintext")]).toString("base64") };
  }
  if (operation === "Decrypt") {
    return { Plaintext: blob("CiphertextBlob").subarray(envelopeBytes).toString("base64") };
  }
  throw new Error(`nobody counts KMS's ${operation}`);
};

/** The secrets that there are, by name or by ARN without its ending. */
const secrets = new Map<string, Json>();

/** Puts a secret there that a deployment has. */
export const putSecret = (id: string, SecretString: string): void => void secrets.set(id, { SecretString });

/** A day and a half ago: what is younger is not swept. */
const longAgo = () => Date.now() / 1_000 - 36 * 3_600;

export const secretsAnswer = (operation: string, body: Json): unknown => {
  const id = String(body["SecretId"] ?? body["Name"]).replace(/^arn:.*:secret:/, "");
  switch (operation) {
    case "CreateSecret":
      secrets.set(id, { Name: id, SecretBinary: body["SecretBinary"], Description: body["Description"] });
      return { Name: id };
    case "GetSecretValue":
      return secrets.get(id) ?? missing(id);
    case "DeleteSecret":
      secrets.set(id, { DeletedDate: 1, Name: id });
      return { Name: id };
    case "DescribeSecret":
      return secrets.get(id) ?? missing(id);
    case "ListSecrets":
      return {
        SecretList: [...secrets.values()]
          .filter(({ Name }) => Name !== undefined)
          .map(({ Name, Description, DeletedDate }) => ({ Name, Description, DeletedDate, CreatedDate: longAgo() })),
      };
    default:
      throw new Error(`nobody counts Secrets Manager's ${operation}`);
  }
};

const missing = (id: string): never => {
  throw new Error(`there is no secret ${id}`);
};
