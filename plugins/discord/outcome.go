package discord

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// delivery matches the errors of Discord's own API, as its client libraries word them.
var delivery = regexp.MustCompile(`(?i)\berror code: \d+|DiscordAPIError|cannot send an empty message|unknown interaction|\b\d+ or fewer in length|discord(app)?\.com`)

// fault returns what went wrong with the request, as a response or error record tells; faults of delivery do not count.
func (r *record) fault() string {
	told := string(r.Error)
	if r.Type != "response" && r.Type != "error" || told == "false" {
		return ""
	}
	if r.Stage == "delivery" || r.Stage == "" && delivery.MatchString(told) {
		return ""
	}
	if told == "" && r.Outcome == "failure" {
		return "the log calls the request a failure"
	}
	return told
}

// failed reports whether a call failed: as the log says, or else as its result does.
func (r *record) failed() bool {
	switch {
	case r.Outcome != "":
		return r.Outcome == "failure"
	case r.Error != "" && r.Error != "false":
		return true
	}
	var result struct {
		Success *bool `json:"success"`
		IsError bool  `json:"isError"`
		Error   text  `json:"error"`
	}
	if json.Unmarshal(r.Result, &result) != nil {
		return false
	}
	refused := result.Success != nil && !*result.Success
	return refused || result.IsError || result.Error != "" && result.Error != "false"
}

// verdict returns what the log itself says about the turn: that it succeeded, or why it failed.
func (t *turn) verdict() (succeeded bool, fault string) {
	for _, r := range t.records {
		if r.Type == "response" && r.Outcome == "success" {
			return true, ""
		}
		fault = cmp.Or(fault, r.fault())
	}
	return false, fault
}

// failure returns why the turn failed: by the log's verdict, or because its last call failed; it is empty if it did not fail.
func (t *turn) failure() string {
	succeeded, reason := t.verdict()
	if succeeded || reason != "" {
		return reason
	}
	for _, r := range t.records {
		switch {
		case r.Type == "tool_call" && r.failed():
			told, _ := r.answer()
			reason = fmt.Sprintf("the call of %s failed: %s", r.Tool, told)
		case r.Type == "tool_call":
			reason = ""
		}
	}
	return reason
}

// signals returns what the log itself tells about the example's worth. What the results tell is left to the quality filter.
func (t *turn) signals() []sdk.Signal {
	var signals []sdk.Signal
	switch succeeded, fault := t.verdict(); {
	case succeeded:
		signals = append(signals, sdk.Signal{Name: "succeeded", Score: 1, Evidence: "the log calls the request a success"})
	case fault != "":
		signals = append(signals, sdk.Signal{Name: "succeeded", Score: 0, Evidence: fault})
	default:
		signals = t.outcomes()
	}
	for _, r := range t.records {
		if r.Type == "feedback" {
			if signal, ok := r.feedback(); ok {
				signals = append(signals, signal)
			}
		}
	}
	return signals
}

// outcomes sums up the outcomes that the log gives to single calls.
func (t *turn) outcomes() []sdk.Signal {
	known, succeeded := 0, 0
	for _, r := range t.records {
		if r.Type == "tool_call" && r.Outcome != "" {
			known++
			if r.Outcome == "success" {
				succeeded++
			}
		}
	}
	if known == 0 {
		return nil
	}
	return []sdk.Signal{{
		Name: "succeeded", Score: float64(succeeded) / float64(known),
		Evidence: fmt.Sprintf("the log calls %d of %d calls a success", succeeded, known),
	}}
}

// feedback returns what the user thought of the answer; it reports false if the rating does not tell.
func (r *record) feedback() (sdk.Signal, bool) {
	signal := sdk.Signal{Name: "feedback", Evidence: strings.TrimSpace("the user rated it " + string(r.Rating) + " " + string(r.Comment))}
	if number, err := strconv.ParseFloat(string(r.Rating), 64); err == nil {
		if number > 0 {
			signal.Score = 1
		}
		return signal, number > 0 || number < 0
	}
	if r.Rating == "up" {
		signal.Score = 1
	}
	return signal, r.Rating == "up" || r.Rating == "down"
}

// negate turns the example of a failed turn that called something into one of what not to do.
func (t *turn) negate(e *sdk.Example) {
	reason, calls := t.failure(), e.Calls()
	if reason == "" || len(calls) == 0 {
		return
	}
	var pattern strings.Builder
	for _, call := range calls {
		fmt.Fprintf(&pattern, "%s(%s)\n", call.Tool, call.Arguments)
	}
	e.Context = "The user asked: " + e.UserMessage()
	e.Negative = &sdk.AntiPattern{Pattern: strings.TrimSpace(pattern.String()), Reason: reason}
	e.Messages, e.Labels, e.Signals = nil, nil, nil
}
