const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });

/** Resolved properties of the two GlobalTable resources, with what exists on AWS only still in them. */
export const templateTables = [
  {
    TableName: 'TradePulse-Control',
    AttributeDefinitions: [text('pk'), text('kind'), text('sort')],
    KeySchema: [key('pk', 'HASH')],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'list',
        KeySchema: [key('kind', 'HASH'), key('sort', 'RANGE')],
        Projection: { ProjectionType: 'ALL' },
        WarmThroughput: {},
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [{ Region: 'us-east-1', DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {} }],
  },
  {
    TableName: 'TradePulse-Ledger',
    AttributeDefinitions: [text('pk'), text('sk')],
    KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    Replicas: [{ Region: 'us-east-1', ResourcePolicy: { PolicyDocument: {} } }],
  },
];

export const [control, ledger] = ['TradePulse-Control', 'TradePulse-Ledger'] as const;
