package discord

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A record is one line of the log. The package comment says which fields belong to which type.
type record struct {
	Type      text `json:"type"`
	RequestID text `json:"request_id"`
	Timestamp text `json:"timestamp"`

	Message     text            `json:"message"`
	TaskType    text            `json:"task_type"`
	UserID      text            `json:"user_id"`
	Username    text            `json:"username"`
	DisplayName text            `json:"display_name"`
	System      text            `json:"system"`
	GameState   json.RawMessage `json:"game_state"`
	Model       text            `json:"model"`

	Tool      text            `json:"tool"`
	Arguments json.RawMessage `json:"arguments"`
	Result    json.RawMessage `json:"result"` // nil: the log has none
	Server    text            `json:"server"`
	Step      text            `json:"step"`

	Response text `json:"response"`
	Outcome  text `json:"outcome"`
	Error    text `json:"error"`
	Stage    text `json:"stage"`
	Rating   text `json:"rating"`
	Comment  text `json:"comment"`

	line int
}

var known = map[text]bool{"request": true, "tool_call": true, "response": true, "error": true, "feedback": true}

// text is a string, or any other JSON value as written: bots log ids as numbers and errors as objects.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case 'n': // null
		return nil
	case '"':
		return json.Unmarshal(data, (*string)(t))
	}
	*t = text(data)
	return nil
}

// parse reads a record. With an error the record holds what could be read.
func parse(line []byte) (record, error) {
	var r record
	line = bytes.Trim(line, "\x00") // a crash leaves blocks of them
	var mismatch *json.UnmarshalTypeError
	switch err := json.Unmarshal(line, &r); {
	case errors.As(err, &mismatch):
		return r, errors.New("not a JSON object")
	case err != nil:
		return r, fmt.Errorf("not valid JSON: %w", err)
	}
	r.Outcome = outcome(r.Outcome)
	switch {
	case r.Type == "":
		return r, errors.New("the record has no type")
	case r.RequestID == "" && known[r.Type]:
		return r, fmt.Errorf("the %s has no request_id", r.Type)
	case r.Type != "tool_call":
		return r, nil
	case strings.TrimSpace(string(r.Tool)) == "":
		return r, errors.New("the tool_call names no tool")
	}
	var err error
	r.Arguments, err = object(r.Arguments)
	return r, err
}

// outcome returns "success" or "failure" for any of the words by which logs mean it; it is empty for other words.
func outcome(word text) text {
	switch strings.ToLower(string(word)) {
	case "success", "succeeded", "ok", "true":
		return "success"
	case "failure", "failed", "error", "false":
		return "failure"
	}
	return ""
}

// object returns a call's arguments as an object. Some bots log them as the string in which the model wrote them.
func object(arguments json.RawMessage) (json.RawMessage, error) {
	if len(arguments) > 0 && arguments[0] == '"' {
		var quoted string
		if err := json.Unmarshal(arguments, &quoted); err != nil {
			return nil, fmt.Errorf("read the arguments: %w", err)
		}
		arguments = json.RawMessage(strings.TrimSpace(quoted))
	}
	if len(arguments) == 0 || string(arguments) == "null" {
		return json.RawMessage("{}"), nil
	}
	if arguments[0] != '{' || !json.Valid(arguments) {
		return nil, errors.New("the arguments of the tool_call are not a JSON object")
	}
	return arguments, nil
}

// time returns the time of the record; it is zero if unknown. Bots often log local time without a zone, which is taken for
// UTC, so that a log reads the same everywhere.
func (r record) time() time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, string(r.Timestamp)); err == nil { // Parse accepts a fraction that no layout has
			return t.UTC()
		}
	}
	return epoch(string(r.Timestamp))
}

// epoch reads a number of seconds or milliseconds since 1970 and returns a time in this century, to the microsecond, which is
// as precise as a float is; it is zero for any other number.
func epoch(number string) time.Time {
	const least, greatest = 946684800, 4102444800 // the years 2000 and 2100
	since, err := strconv.ParseFloat(number, 64)
	if since >= least*1000 {
		since /= 1000
	}
	if err != nil || since < least || since >= greatest {
		return time.Time{}
	}
	return time.UnixMicro(int64(math.Round(since * 1e6))).UTC()
}
