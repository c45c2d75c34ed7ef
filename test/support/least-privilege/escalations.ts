import { type Attempt, attempt } from "./attempt.ts";
import { form, json } from "./call-aws.ts";
import type { Deployed } from "./deployed.ts";

/** Ways to more than the role has. */
export const escalations = ({ idOf, arnOf, functions }: Deployed): Attempt[] => {
  const iam = (operation: string, fields: Record<string, string>) =>
    attempt(`iam:${operation}`, "a principal", form("iam", operation, fields), {}, ` (${Object.values(fields)[0]})`);
  return [
    ...functions.map((name) => {
      const fields = { RoleArn: arnOf(`${name}/Role`), RoleSessionName: "thief" };
      return attempt("sts:AssumeRole", `${name}/Role`, form("sts", "AssumeRole", fields));
    }),
    ...functions.flatMap((name) => [
      iam("PutRolePolicy", { RoleName: idOf(`${name}/Role`) }),
      iam("UpdateAssumeRolePolicy", { RoleName: idOf(`${name}/Role`) }),
    ]),
    ...["CreateUser", "CreateAccessKey", "GetUser"].map((operation) => iam(operation, { UserName: "thief/" })),
    ...["CreateRole", "AttachRolePolicy", "DeleteRolePolicy"].map((operation) =>
      iam(operation, { RoleName: "thief/" }),
    ),
    iam("ListRoles", {}),
    attempt("ssm:GetParameter", "*", json("ssm", "AmazonSSM.GetParameter", { Name: "/perch/local/deployed" })),
    attempt(
      "cloudformation:DescribeStacks",
      "*",
      form("cloudformation", "DescribeStacks", { StackName: "perch-local-api" }),
    ),
    attempt(
      "cognito-idp:DescribeUserPoolClient",
      "*",
      json("cognito-idp", "AWSCognitoIdentityProviderService.DescribeUserPoolClient", { UserPoolId: "none" }),
    ),
    attempt("s3:ListAllMyBuckets", "*", { service: "s3", method: "GET" }),
  ];
};
