import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { StackOutputs } from "./deploy.ts";
import type { CallAws } from "./emulated-aws.ts";
import { region } from "./environments.ts";
import type { OtherFinch } from "./options.ts";

/** What a client of a local stack needs to know. The client's secret is among it: for the owner's eyes only. */
export interface Outputs {
  readonly apiUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** All scopes that the client may ask for, separated by blanks. */
  readonly scopes: string;
  readonly finchUrl: string;
  readonly finchClientId: string;
  readonly awsEndpoint: string;
  readonly region: string;
  readonly tableName: string;
  readonly busName: string;
  readonly tokenKeyArn: string;
  readonly userPoolId: string;
}

/** Replaces the file; nobody but its owner may read it. */
export const writeOutputs = (file: string, outputs: Outputs): void => {
  const unfinished = `${file}.${process.pid}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(unfinished, `${JSON.stringify(outputs, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
};

/** Reads what a start wrote. Only a start writes this file, as a whole: its shape is trusted. */
export const readOutputs = (file: string): Outputs => JSON.parse(readFileSync(file, "utf8"));

/** Puts together what the deployment says and what only the running stack knows. */
export const collectOutputs = async (
  callAws: CallAws,
  deployed: StackOutputs,
  { publicUrl, endpoint, finch }: { publicUrl: string; endpoint: string; finch: OtherFinch },
): Promise<Outputs> => {
  const { UserPoolClient } = await callAws<{ UserPoolClient: { ClientSecret: string } }>(
    "cognito-idp",
    "DescribeUserPoolClient",
    { UserPoolId: deployed.UserPoolId, ClientId: deployed.BackendClientId },
  );
  return {
    apiUrl: publicUrl,
    tokenUrl: `${publicUrl}/oauth2/token`,
    clientId: deployed.BackendClientId,
    clientSecret: UserPoolClient.ClientSecret,
    scopes: deployed.Scopes,
    finchUrl: finch.url,
    finchClientId: finch.clientId,
    awsEndpoint: endpoint,
    region,
    tableName: deployed.TableName,
    busName: deployed.BusName,
    tokenKeyArn: deployed.TokenKeyArn,
    userPoolId: deployed.UserPoolId,
  };
};
