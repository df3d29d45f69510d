// Answers each event with a URL that the AWS SDK signs, as a function that signs with it would.
package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

var client *s3.PresignClient

func sign(ctx context.Context, event events.APIGatewayV2HTTPRequest) (reply events.APIGatewayV2HTTPResponse, err error) {
	about, _ := lambdacontext.FromContext(ctx)
	asked := event.QueryStringParameters
	signed, err := client.PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket:      aws.String("uploads-example"),
		Key:         aws.String("uploads/" + about.AwsRequestID + "/" + asked["file_name"]),
		ContentType: aws.String(asked["file_type"]),
	}, s3.WithPresignExpires(300*time.Second))
	if err != nil {
		return reply, err
	}
	body, err := json.Marshal(map[string]string{"url": signed.URL})
	reply.StatusCode = 200
	reply.Headers = map[string]string{"content-type": "application/json"}
	reply.Body = string(body)
	return reply, err
}

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	client = s3.NewPresignClient(s3.NewFromConfig(settings))
	lambda.Start(sign)
}
