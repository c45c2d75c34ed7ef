import { Aws, Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import {
  AccountRecovery,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  type UserPoolDomain,
} from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import type { Jwt, Stage } from "../stages.ts";

/** What a token of the platform's backend may be good for. `perch/` goes before each, Cognito's form. */
const scopeNames = {
  "customers:read": "Read customers",
  "customers:write": "Create, change and offboard customers",
  "connections:read": "Read connections and Connect sessions",
  "connections:write": "Connect, reconnect, accept and disconnect",
  "tokens:read": "Be handed an access token, with a reason that is audited",
  "audit:read": "Read who did what",
  "finch:forward": "Call Finch through Perch",
  "employees:read": "Read rosters and employees",
  "employees:write": "Start rosters and decide matches",
} as const;

/** The OAuth 2.0 authorization server for the platform's backends: client credentials (RFC 6749 §4.4) only. */
export class BackendClients extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly domain: UserPoolDomain;
  readonly jwt: Jwt;
  /** What a backend needs to know to get its token. */
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.pool = new UserPool(this, "Pool", {
      selfSignUpEnabled: false,
      passwordPolicy: {
        minLength: 16,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      // It has clients and no users: there is no account to recover.
      accountRecovery: AccountRecovery.NONE,
      deletionProtection: stage.onAws,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.pool).acknowledge(
      { id: "AwsSolutions-COG2", reason: "The pool has no users who could sign in: its clients are programs." },
      { id: "AwsSolutions-COG8", reason: "The plus tier guards the sign-in of users, and the pool has none." },
    );
    const scopes = Object.entries(scopeNames).map(
      ([scopeName, scopeDescription]) => new ResourceServerScope({ scopeName, scopeDescription }),
    );
    const server = this.pool.addResourceServer("Server", { identifier: "perch", scopes });
    this.domain = this.pool.addDomain("Domain", {
      cognitoDomain: { domainPrefix: `perch-${stage.name}-${Aws.ACCOUNT_ID}` },
    });
    this.client = this.pool.addClient("Backend", {
      generateSecret: true,
      authFlows: {},
      accessTokenValidity: Duration.hours(1),
      oAuth: {
        flows: { clientCredentials: true },
        scopes: scopes.map((each) => OAuthScope.resourceServer(server, each)),
      },
    });
    // Backends hold the client's id and secret, the token address and the scopes' names.
    for (const kept of [server, this.domain, this.client]) kept.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.jwt = {
      issuer: `https://cognito-idp.${Aws.REGION}.amazonaws.com/${this.pool.userPoolId}`,
      audience: [this.client.userPoolClientId],
      scopePrefix: "perch/",
    };
    this.outputs = {
      TokenUrl: `${this.domain.baseUrl()}/oauth2/token`,
      UserPoolId: this.pool.userPoolId,
      BackendClientId: this.client.userPoolClientId,
      Scopes: Object.keys(scopeNames)
        .map((name) => `perch/${name}`)
        .join(" "),
    };
  }
}
