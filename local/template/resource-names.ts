import { deriveId, deriveUuid } from './derive-id.ts';

/** Where the stack stands: what pseudo parameters and ARNs are made of. */
export type Place = {
  readonly region: string;
  readonly account: string;
  /** What a user pool's ProviderURL is: the local identity provider. */
  readonly issuer: string;
};

/** A resource to be named. `path` is its logical id, with those of the nested stacks it is in before it. */
export type Named = {
  readonly path: string;
  /** A resolved property, when it is a text. */
  readonly property: (name: string) => string | undefined;
  readonly place: Place;
};

type Name = (named: Named) => string;
type Kind = { readonly ref: Name; readonly attributes?: Readonly<Record<string, Name>> };

const flat = (path: string) => path.replaceAll('/', '');
const derived =
  (length: number): Name =>
  ({ path }) =>
    deriveId(path, length);
const arn =
  (service: string, resource: Name): Name =>
  (named) =>
    `arn:aws:${service}:${named.place.region}:${named.place.account}:${resource(named)}`;

const functionName: Name = ({ path, property }) => property('FunctionName') ?? flat(path).slice(-64);
const tableName: Name = ({ path, property }) => property('TableName') ?? flat(path);
const bucketName: Name = ({ path, property }) => property('BucketName') ?? flat(path).toLowerCase().slice(-63);
const busName: Name = ({ path, property }) => property('Name') ?? flat(path);
const machineName: Name = ({ path, property }) => property('StateMachineName') ?? flat(path);
const machineArn = arn('states', (named) => `stateMachine:${machineName(named)}`);
const keyId: Name = ({ path }) => deriveUuid(path);
const poolId: Name = ({ path, place }) => `${place.region}_${deriveId(path, 9)}`;
const clientId: Name = ({ path, property }) => property('ClientName') ?? deriveId(path, 26);

const opaque: Kind = { ref: derived(10) };
const appConfig: Kind = { ref: derived(7) };

/** How AWS would name what the host serves: `Ref`, and the attributes of `Fn::GetAtt`. An engine's client id is its instance id. */
const kinds: Readonly<Record<string, Kind>> = {
  'AWS::Lambda::Function': {
    ref: functionName,
    attributes: { Arn: arn('lambda', (named) => `function:${functionName(named)}`) },
  },
  'AWS::DynamoDB::GlobalTable': {
    ref: tableName,
    attributes: { Arn: arn('dynamodb', (named) => `table/${tableName(named)}`) },
  },
  'AWS::S3::Bucket': { ref: bucketName, attributes: { Arn: (named) => `arn:aws:s3:::${bucketName(named)}` } },
  'AWS::Events::EventBus': {
    ref: busName,
    attributes: { Name: busName, Arn: arn('events', (named) => `event-bus/${busName(named)}`) },
  },
  'AWS::StepFunctions::StateMachine': { ref: machineArn, attributes: { Arn: machineArn, Name: machineName } },
  'AWS::KMS::Key': { ref: keyId, attributes: { KeyId: keyId, Arn: arn('kms', (named) => `key/${keyId(named)}`) } },
  'AWS::SecretsManager::Secret': {
    ref: arn('secretsmanager', ({ path }) => `secret:${flat(path)}-${deriveId(path, 6)}`),
  },
  'AWS::Cognito::UserPool': {
    ref: poolId,
    attributes: {
      Arn: arn('cognito-idp', (named) => `userpool/${poolId(named)}`),
      ProviderURL: ({ place }) => place.issuer,
      ProviderName: ({ place }) => place.issuer.replace(/^https?:\/\//, ''),
    },
  },
  'AWS::Cognito::UserPoolClient': { ref: clientId },
  'AWS::Cognito::UserPoolResourceServer': { ref: ({ path, property }) => property('Identifier') ?? flat(path) },
  'AWS::AppConfig::Application': appConfig,
  'AWS::AppConfig::Environment': appConfig,
  'AWS::AppConfig::ConfigurationProfile': appConfig,
  'AWS::AppConfig::DeploymentStrategy': appConfig,
  'AWS::ApiGateway::RestApi': { ...opaque, attributes: { RootResourceId: ({ path }) => rootOf(path) } },
  'AWS::ApiGateway::Resource': opaque,
  'AWS::ApiGateway::Authorizer': opaque,
  'AWS::ApiGatewayV2::Api': opaque,
  'AWS::ApiGatewayV2::Authorizer': opaque,
  'AWS::ApiGatewayV2::Integration': opaque,
  'AWS::SQS::Queue': {
    ref: ({ path, place }) => `https://sqs.${place.region}.amazonaws.com/${place.account}/${flat(path)}`,
    attributes: { Arn: arn('sqs', ({ path }) => flat(path)) },
  },
  'AWS::IAM::Role': {
    ref: ({ path }) => flat(path),
    attributes: { Arn: arn('iam', ({ path }) => `role/${flat(path)}`) },
  },
};

/** The id of a REST API's root resource. */
export const rootOf = (apiPath: string): string => deriveId(`${apiPath}/root`, 10);

/** What `Ref` gives, or undefined for a type the host does not serve. */
export const refOf = (type: string, named: Named): string | undefined => kinds[type]?.ref(named);

/** What `Fn::GetAtt` gives, or undefined for an attribute the host does not know. */
export const attributeOf = (attribute: string, type: string, named: Named): string | undefined =>
  kinds[type]?.attributes?.[attribute]?.(named);
