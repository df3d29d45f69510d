// Prints the processor time of one URL by the AWS SDK v3, in nanoseconds of each round: what bench/presign.c signs.
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const rounds = 20;
const urls = 50;
const warmUps = 10; // until it is compiled
const client = new S3Client({ region: process.env.AWS_REGION });

async function sign(number) {
  const Key = `uploads/0123456789abcdef01234567${String(number).padStart(8, "0")}/photo.jpg`;
  const command = new PutObjectCommand({ Bucket: "uploads-example", Key, ContentType: "image/jpeg" });
  await getSignedUrl(client, command, { expiresIn: 300, signableHeaders: new Set(["content-type"]) });
}

for (let round = -warmUps; round < rounds; round++) {
  const before = process.cpuUsage();
  for (let number = 0; number < urls; number++) {
    await sign(number);
  }
  const used = process.cpuUsage(before);
  if (round >= 0) console.log(["presign", "url", Math.round(((used.user + used.system) * 1000) / urls)].join("\t"));
}
