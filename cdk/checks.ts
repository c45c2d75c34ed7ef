import { type App, CloudFormationValidatePlugin, type IPolicyValidationPlugin, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";

/**
 * Has the synthesis hold the templates to CloudFormation's own rules and to cdk-nag's packs, and fail where they break one.
 * An exception is written where the construct is made, with its reason.
 */
export const addChecks = (app: App): void => {
  Validations.of(app).addPlugins(
    // Its `version?` is declared without `undefined`, the interface's the other way round.
    new CloudFormationValidatePlugin() as IPolicyValidationPlugin,
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
  );
};
