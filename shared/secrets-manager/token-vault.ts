import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Surroundings, TokenVault } from "../connection/ports.ts";
import { describeSecret, type TokenSecrets } from "./token-secrets.ts";

export interface DestroySecretDependencies extends Pick<Surroundings, "sleep"> {
  readonly secretsManager: SecretsManagerClient;
  readonly secrets: TokenSecrets;
}

export interface SecretsManagerVaultDependencies extends DestroySecretDependencies {
  /** Makes the value of a secret, and opens what was sealed before the stage had this store. */
  readonly kmsVault: Pick<TokenVault, "seal" | "open">;
}

const looks = 3;
const pauseMs = 200;

/**
 * Keeps each token in a secret of its own, named after the token's id. Its value is the ciphertext that KMS makes under
 * customer and connection: whoever may read secrets, but not decrypt, has nothing, and a value in another's place does not
 * open.
 */
export const createSecretsManagerVault = (deps: SecretsManagerVaultDependencies): TokenVault => {
  const { secretsManager, secrets, kmsVault } = deps;
  return {
    async seal(accessToken, context, tokenId) {
      const sealed = await kmsVault.seal(accessToken, context, tokenId);
      if (!("ciphertext" in sealed)) throw new Error("no ciphertext to keep in a secret");
      const secretName = secrets.nameOf(tokenId);
      // Fails if there is such a secret: a name is used once. Whoever seals again does so under a new id.
      await secretsManager.send(
        new CreateSecretCommand({
          Name: secretName,
          Description: describeSecret(context),
          SecretBinary: sealed.ciphertext,
          // The SDK's own second try, after an answer that was lost, is this same request.
          ClientRequestToken: tokenId,
        }),
      );
      return { secretName };
    },

    async open(sealed, context) {
      if ("ciphertext" in sealed) return kmsVault.open(sealed, context);
      const { SecretBinary } = await secretsManager.send(
        new GetSecretValueCommand({ SecretId: secrets.arnOf(sealed.secretName) }),
      );
      if (SecretBinary === undefined) throw new Error("the token's secret holds no ciphertext");
      return kmsVault.open({ ciphertext: SecretBinary }, context);
    },

    destroy: destroySecret(deps),
  };
};

/**
 * Creates the part of the vault that destroys, for who may do no more. A secret is deleted at once, without a time in which
 * it could be restored, and looked for afterwards.
 *
 * @throws Error if it is still there and not on its way out.
 */
export const destroySecret =
  ({ secretsManager, secrets, sleep }: DestroySecretDependencies): TokenVault["destroy"] =>
  async (sealed) => {
    // A ciphertext in the token's item goes with the item.
    if ("ciphertext" in sealed) return;
    const SecretId = secrets.arnOf(sealed.secretName);
    const isGone = async () => {
      const found = await unlessMissing(secretsManager.send(new DescribeSecretCommand({ SecretId })));
      return found === undefined || found.DeletedDate !== undefined;
    };
    const deletion = new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true });
    if ((await unlessMissing(secretsManager.send(deletion))) === undefined) return;
    // Deletion is carried out in the background, and a description may be a moment old.
    for (let look = 1; !(await isGone()); look += 1) {
      if (look === looks) throw new Error("the token's secret is still there after its deletion");
      await sleep(pauseMs);
    }
  };

/** What is answered, or undefined where the secret is not there. */
export const unlessMissing = async <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};
