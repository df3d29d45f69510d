//! Answers each event with a URL that aws-sdk-s3 signs, as a function that signs with it would.
use std::time::Duration;

use aws_sdk_s3::{presigning::PresigningConfig, Client};
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::{json, Value};

async fn sign(client: &Client, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let asked = &event.payload["queryStringParameters"];
    let file_name = asked["file_name"].as_str().unwrap_or_default();
    let key = format!("uploads/{}/{file_name}", event.context.request_id);
    let wanted = client
        .put_object()
        .bucket("uploads-example")
        .key(key)
        .content_type(asked["file_type"].as_str().unwrap_or_default());
    let signed = wanted.presigned(PresigningConfig::expires_in(Duration::from_secs(300))?).await?;
    let body = json!({ "url": signed.uri() }).to_string();
    Ok(json!({ "statusCode": 200, "headers": { "content-type": "application/json" }, "body": body }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::new(&aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await);
    run(service_fn(|event| sign(&client, event))).await
}
