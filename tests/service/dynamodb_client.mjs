// In the place of @aws-sdk/client-dynamodb, which Lambda's Node has: as much of it as the authorizer uses, unsigned.
export class GetItemCommand {
  constructor(input) {
    this.input = input;
  }
}

export class DynamoDBClient {
  async send(command, { abortSignal }) {
    const answer = await fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      body: JSON.stringify(command.input),
      signal: abortSignal,
    });
    const told = await answer.json();
    if (!answer.ok) {
      throw new Error(told.__type);
    }
    return told;
  }
}
