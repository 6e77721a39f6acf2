// Asks the local cloud's CloudWatch with AWS's SDK for Go, whose wire protocol is RPC v2 CBOR.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

type credentials struct{}

func (credentials) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
}

// protocols notes which protocol each request speaks.
type protocols struct{ seen map[string]int }

func (p *protocols) Do(request *http.Request) (*http.Response, error) {
	p.seen[request.Header.Get("smithy-protocol")]++
	return http.DefaultClient.Do(request)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	spoken := &protocols{seen: map[string]int{}}
	client := cloudwatch.New(cloudwatch.Options{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(os.Getenv("AWS_ENDPOINT_URL")),
		Credentials:      credentials{},
		HTTPClient:       spoken,
		RetryMaxAttempts: 1,
	})
	result := map[string]any{}

	_, err := client.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{
		Namespace: aws.String("go"),
		MetricData: []types.MetricDatum{{
			MetricName: aws.String("n"),
			Dimensions: []types.Dimension{{Name: aws.String("d"), Value: aws.String("ü")}},
			Value:      aws.Float64(2.5),
			Timestamp:  aws.Time(time.Now()),
		}},
	})
	must(err)
	_, err = client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName:          aws.String("go"),
		Namespace:          aws.String("go"),
		MetricName:         aws.String("n"),
		Dimensions:         []types.Dimension{{Name: aws.String("d"), Value: aws.String("ü")}},
		Period:             aws.Int32(60),
		EvaluationPeriods:  aws.Int32(1),
		Threshold:          aws.Float64(1.5),
		Statistic:          types.StatisticMaximum,
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
		Tags:               []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	must(err)
	alarms, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"go"}})
	must(err)
	alarm := alarms.MetricAlarms[0]
	result["threshold"] = *alarm.Threshold
	result["updatedSecondsAgo"] = int(time.Since(*alarm.StateUpdatedTimestamp).Seconds())
	tags, err := client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: alarm.AlarmArn})
	must(err)
	result["team"] = *tags.Tags[0].Value
	statistics, err := client.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace:  aws.String("go"),
		MetricName: aws.String("n"),
		Dimensions: []types.Dimension{{Name: aws.String("d"), Value: aws.String("ü")}},
		StartTime:  aws.Time(time.Now().Add(-10 * time.Minute)),
		EndTime:    aws.Time(time.Now().Add(time.Minute)),
		Period:     aws.Int32(60),
		Statistics: []types.Statistic{types.StatisticSum},
	})
	must(err)
	result["sum"] = *statistics.Datapoints[0].Sum
	_, err = client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{
		ResourceARN: aws.String(strings.Replace(*alarm.AlarmArn, ":alarm:go", ":alarm:none", 1)),
	})
	var missing *types.ResourceNotFoundException
	result["unknownIsTyped"] = errors.As(err, &missing)
	_, err = client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"go"}})
	must(err)
	result["protocols"] = spoken.seen
	must(json.NewEncoder(os.Stdout).Encode(result))
}
