import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidNextTokenException,
  InvalidRequestException,
  ListSecretsCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

export interface MemorySecret {
  readonly Name: string;
  readonly Description?: string | undefined;
  readonly CreatedDate?: Date | undefined;
  SecretBinary?: Uint8Array | undefined;
  DeletedDate?: Date | undefined;
  /** How often it is still described after its deletion. */
  lingers?: number;
}

/** A Secrets Manager in memory: secrets are asked for by ARN without its random ending, as the roles' policies demand. */
export const createMemorySecretsManager = (arnBase: string, now: () => Date) => {
  const secrets = new Map<string, MemorySecret>();
  const calls: { readonly name: string; readonly input: object }[] = [];
  const answer = { $metadata: {}, message: "by the fake" };
  let failure: Error | undefined;
  let lingering = 0;

  const find = (secretId: string | undefined): MemorySecret => {
    const found = secretId?.startsWith(arnBase) ? secrets.get(secretId.slice(arnBase.length)) : undefined;
    if (found === undefined) throw new ResourceNotFoundException(answer);
    return found;
  };

  const take = (command: unknown): object => {
    if (command instanceof CreateSecretCommand) {
      const { Name = "", Description, SecretBinary } = command.input;
      if (secrets.has(Name)) throw new ResourceExistsException(answer);
      secrets.set(Name, { Name, Description, SecretBinary, CreatedDate: now() });
      return { Name };
    }
    if (command instanceof GetSecretValueCommand) return { SecretBinary: find(command.input.SecretId).SecretBinary };
    if (command instanceof DescribeSecretCommand) {
      const found = find(command.input.SecretId);
      if (found.lingers !== undefined && found.lingers-- <= 0) secrets.delete(found.Name);
      return secrets.has(found.Name) ? found : find(undefined);
    }
    if (command instanceof DeleteSecretCommand) {
      const { SecretId, ForceDeleteWithoutRecovery, RecoveryWindowInDays } = command.input;
      const found = find(SecretId);
      if (found.DeletedDate !== undefined && !ForceDeleteWithoutRecovery) throw new InvalidRequestException(answer);
      if (ForceDeleteWithoutRecovery) found.lingers = lingering;
      else found.DeletedDate = new Date(now().getTime() + (RecoveryWindowInDays ?? 30) * 86_400_000);
      return {};
    }
    if (command instanceof ListSecretsCommand) {
      const { Filters = [], MaxResults = 100, NextToken } = command.input;
      if (NextToken !== undefined && !/^\d+$/.test(NextToken)) throw new InvalidNextTokenException(answer);
      const prefixes = Filters.flatMap(({ Key, Values = [] }) => (Key === "name" ? Values : ["?"]));
      const from = Number(NextToken ?? 0);
      const all = [...secrets.values()].filter(({ Name }) => prefixes.some((prefix) => Name.startsWith(prefix)));
      const page = all.slice(from, from + MaxResults);
      return { SecretList: page, ...(from + MaxResults < all.length && { NextToken: `${from + MaxResults}` }) };
    }
    throw new Error("no such call");
  };

  const send = async (command: object) => {
    calls.push({ name: command.constructor.name, input: (command as { input: object }).input });
    if (failure !== undefined) throw failure;
    return take(command);
  };
  return {
    client: { send } as unknown as SecretsManagerClient,
    secrets,
    calls,
    /** From now on every call fails like this, or none. */
    fail: (error?: Error) => {
      failure = error;
    },
    /** How many times a secret is still described after it was deleted. */
    linger: (times: number) => {
      lingering = times;
    },
  };
};
