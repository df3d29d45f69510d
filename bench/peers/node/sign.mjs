// Answers each event with a URL that the AWS SDK v3 signs, as a function that signs with it would.
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const client = new S3Client({});

export const handler = async (event, context) => {
  const asked = event.queryStringParameters;
  const Key = `uploads/${context.awsRequestId}/${asked.file_name}`;
  const command = new PutObjectCommand({ Bucket: "uploads-example", Key, ContentType: asked.file_type });
  const url = await getSignedUrl(client, command, { expiresIn: 300, signableHeaders: new Set(["content-type"]) });
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ url }) };
};
