// Answers each event with the event.
package main

import (
	"encoding/json"

	"github.com/aws/aws-lambda-go/lambda"
)

func echo(event json.RawMessage) (json.RawMessage, error) {
	return event, nil
}

func main() {
	lambda.Start(echo)
}
