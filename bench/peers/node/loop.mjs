// Answers each event with the event, by a loop of its own on node:http: for where AWS's client can't run.
import http from "node:http";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function exchange(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body ? { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) } : {};
    const request = http.request({ agent, host, port, method, path: `/2018-06-01/runtime${path}`, headers }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(pieces).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

for (;;) {
  const next = await exchange("GET", "/invocation/next");
  const reply = JSON.stringify(JSON.parse(next.body));
  await exchange("POST", `/invocation/${next.headers["lambda-runtime-aws-request-id"]}/response`, reply);
}
