package formats

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// unifiedRow is a row of the unified format as it stands.
type unifiedRow struct {
	ID          *string         `json:"id"`
	Source      *string         `json:"source"`
	SourceFile  *string         `json:"source_file"`
	Type        *string         `json:"example_type"`
	TaskType    *string         `json:"task_type"`
	UserMessage *string         `json:"user_message"`
	System      string          `json:"system"`
	Context     string          `json:"context"`
	GameState   jsontext.Value  `json:"game_state"`
	Messages    []unifiedTurn   `json:"messages"`
	Calls       *[]unifiedCall  `json:"tool_calls"`
	Response    string          `json:"response_text"`
	Problem     string          `json:"problem"`
	RootCause   string          `json:"root_cause"`
	Reasoning   string          `json:"reasoning"`
	BadCode     string          `json:"bad_code"`
	GoodCode    string          `json:"good_code"`
	Tags        []string        `json:"tags"`
	Labels      []string        `json:"labels"`
	Signals     []unifiedSignal `json:"signals"`
	Quality     *float64        `json:"quality_score"`
	Split       string          `json:"split"`
	Tools       jsontext.Value  `json:"tools"`
	Provenance  unifiedOrigin   `json:"provenance"`
}

type unifiedTurn struct {
	Role     string        `json:"role"`
	Text     string        `json:"content"`
	Thinking string        `json:"thinking"`
	Calls    []unifiedCall `json:"tool_calls"`
	CallID   string        `json:"tool_call_id"`
	IsError  bool          `json:"is_error"`
	Weight   *float64      `json:"weight"`
	Rejected *struct {
		Text     string        `json:"content"`
		Thinking string        `json:"thinking"`
		Calls    []unifiedCall `json:"tool_calls"`
	} `json:"rejected"`
	Unknown unknown `json:",embed"`
}

type unifiedCall struct {
	ID        string         `json:"id"`
	Server    string         `json:"server"`
	Tool      string         `json:"tool"`
	Phase     string         `json:"phase"`
	Arguments jsontext.Value `json:"arguments"`
	Result    *string        `json:"result"`
	IsError   bool           `json:"is_error"`
	Weight    *float64       `json:"weight"`
	Unknown   unknown        `json:",embed"`
}

// unknown holds the members of an object that the format does not have.
type unknown map[string]jsontext.Value

// key returns the first of their keys, or an empty string if there are none.
func (u unknown) key() string {
	if len(u) == 0 {
		return ""
	}
	return slices.Min(slices.Collect(maps.Keys(u)))
}

type unifiedSignal struct {
	Name     string   `json:"name"`
	Score    *float64 `json:"score"`
	Evidence string   `json:"evidence"`
}

type unifiedOrigin struct {
	Plugin          string         `json:"plugin"`
	PluginVersion   string         `json:"plugin_version"`
	Unit            string         `json:"unit"`
	File            string         `json:"file"`
	FirstLine       int            `json:"first_line"`
	LastLine        int            `json:"last_line"`
	Session         string         `json:"session"`
	RecordIDs       []string       `json:"record_ids"`
	Time            string         `json:"time"`
	ProducerVersion string         `json:"producer_version"`
	Model           string         `json:"model"`
	Parent          string         `json:"parent"`
	Opening         string         `json:"opening"`
	Alias           string         `json:"alias"`
	Conversation    string         `json:"conversation"`
	Calls           []string       `json:"calls"`
	Language        string         `json:"language"`
	Records         int            `json:"records"`
	Removed         map[string]int `json:"removed"`
}

// errNotUTF8 is what is wrong with a row in another encoding, whose letters would become replacement characters.
var errNotUTF8 = errors.New("not valid UTF-8; convert the file, from Latin-1 with iconv -f LATIN1 -t UTF-8")

// errNoID is what is wrong with a row of another kind.
var errNoID = errors.New("not a unified record: it has no id")

// parseUnified reads a row as it stands. Keys that no row has are passed over, except in messages: see
// [unifiedTurn.unknownKey].
func parseUnified(row []byte) (*unifiedRow, error) {
	if !utf8.Valid(row) {
		return nil, errNotUTF8
	}
	r := &unifiedRow{}
	if err := jsonv2.Unmarshal(row, r, asUnified); err != nil {
		return nil, notUnified(err)
	}
	if r.ID == nil {
		return nil, errNoID
	}
	for i, value := range []*string{r.Source, r.SourceFile, r.Type, r.TaskType, r.UserMessage} {
		if value == nil {
			return nil, fmt.Errorf("not a unified record: it has no %s", [...]string{"source", "source_file", "example_type", "task_type", "user_message"}[i])
		}
	}
	if *r.ID == "" {
		return nil, errors.New("not a unified record: its id is empty")
	}
	return r, nil
}

// asUnified are the options by which rows are read: logs hold what JSON forbids.
var asUnified = jsonv2.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// unknownKey points to a key in a JSON value for which the type of into has no field; it is empty if there is none.
func unknownKey(value []byte, into any) jsontext.Pointer {
	var unknown *jsonv2.SemanticError
	err := jsonv2.Unmarshal(value, into, asUnified, jsonv2.RejectUnknownMembers(true))
	if errors.Is(err, jsonv2.ErrUnknownName) && errors.As(err, &unknown) {
		return unknown.JSONPointer
	}
	return ""
}

func notUnified(err error) error {
	var wrong *jsonv2.SemanticError
	switch {
	case !errors.As(err, &wrong):
		return fmt.Errorf("not a unified record: %s", strings.TrimPrefix(err.Error(), "jsontext: "))
	case wrong.JSONPointer == "":
		return errors.New("not a unified record: it is not a JSON object")
	}
	return fmt.Errorf("not a unified record: %s is of the wrong type", wrong.JSONPointer)
}
