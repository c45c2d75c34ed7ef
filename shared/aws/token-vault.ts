import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { TokenVault } from "../connection/ports.ts";
import { createTokenVault } from "../kms/token-vault.ts";
import { type TokenSecrets, tokenSecretsUnder } from "../secrets-manager/token-secrets.ts";
import { createSecretsManagerVault, destroySecret } from "../secrets-manager/token-vault.ts";
import { readOptionalVariable } from "./environment.ts";
import { lazyClient } from "./lazy-client.ts";
import { surroundings } from "./surroundings.ts";

/** The stage's token store, for a function that seals or opens. */
export const openTokenVault = (env: { readonly TOKEN_KEY_ARN: string }): TokenVault => {
  const kmsVault = createTokenVault(
    lazyClient(() => new KMSClient()),
    env.TOKEN_KEY_ARN,
  );
  const secrets = readTokenSecrets();
  if (secrets === undefined) return kmsVault;
  return createSecretsManagerVault({ ...surroundings, kmsVault, secrets, secretsManager: new SecretsManagerClient() });
};

/** The part of it that destroys, for a function that neither seals nor opens. */
export const openTokenDestroyer = (): Pick<TokenVault, "destroy"> => {
  const secrets = readTokenSecrets();
  // Without secrets, what there is of a token goes with its item.
  if (secrets === undefined) return { destroy: async () => {} };
  return { destroy: destroySecret({ ...surroundings, secrets, secretsManager: new SecretsManagerClient() }) };
};

/** The stage's token secrets; undefined where it has none. */
const readTokenSecrets = (): TokenSecrets | undefined => {
  const arnPrefix = readOptionalVariable("TOKEN_SECRET_PREFIX");
  return arnPrefix === undefined ? undefined : tokenSecretsUnder(arnPrefix);
};
