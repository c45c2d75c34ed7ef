import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  InvalidNextTokenException,
  InvalidRequestException,
  ListSecretsCommand,
  type SecretListEntry,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { KeptSecret, SecretInventory } from "../connection/sweep-secrets.ts";
import { retention } from "../retention.ts";
import { parseDescription, type TokenSecrets } from "./token-secrets.ts";
import { unlessMissing } from "./token-vault.ts";

/** The most that Secrets Manager lists at a time. */
const pageSize = 100;

/** The secrets of the token store, without their values. */
export const createSecretInventory = (secretsManager: SecretsManagerClient, secrets: TokenSecrets): SecretInventory => {
  const listPage = (from: string | undefined) =>
    secretsManager.send(
      new ListSecretsCommand({
        Filters: [{ Key: "name", Values: [secrets.namePrefix] }],
        MaxResults: pageSize,
        ...(from !== undefined && { NextToken: from }),
      }),
    );

  return {
    async list(from) {
      const { SecretList = [], NextToken } = await listPage(from).catch((error: unknown) => {
        if (error instanceof InvalidNextTokenException && from !== undefined) return listPage(undefined);
        throw error;
      });
      return { secrets: SecretList.flatMap((entry) => toKeptSecret(secrets, entry)), next: NextToken };
    },

    async scheduleRemoval(name) {
      const SecretId = secrets.arnOf(name);
      try {
        await unlessMissing(
          secretsManager.send(
            new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: retention.secretRecoveryDays }),
          ),
        );
      } catch (error) {
        if (!(error instanceof InvalidRequestException)) throw error;
        // Refused also where it is scheduled already: a list may be some minutes old.
        const found = await unlessMissing(secretsManager.send(new DescribeSecretCommand({ SecretId })));
        if (found !== undefined && found.DeletedDate === undefined) throw error;
      }
    },
  };
};

const toKeptSecret = (secrets: TokenSecrets, entry: SecretListEntry): KeptSecret[] => {
  const { Name: name = "", CreatedDate: createdAt, DeletedDate, Description } = entry;
  const tokenId = secrets.tokenIdOf(name);
  if (tokenId === undefined || createdAt === undefined || DeletedDate !== undefined) return [];
  const context = parseDescription(Description);
  return [{ name, createdAt, token: context && { ...context, tokenId } }];
};
