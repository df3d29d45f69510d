// Prints the processor time of one URL by the AWS SDK v3, in microseconds: what bench/presign.c signs.
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const urls = 500;
const client = new S3Client({ region: process.env.AWS_REGION });

async function sign(number) {
  const Key = `uploads/0123456789abcdef01234567${String(number).padStart(8, "0")}/photo.jpg`;
  const command = new PutObjectCommand({ Bucket: "uploads-example", Key, ContentType: "image/jpeg" });
  await getSignedUrl(client, command, { expiresIn: 300, signableHeaders: new Set(["content-type"]) });
}

for (let count = 0; count < 200; count++) {
  await sign(count);
}
const before = process.cpuUsage();
for (let count = 0; count < urls; count++) {
  await sign(count);
}
const used = process.cpuUsage(before);
console.log((used.user + used.system) / urls);
