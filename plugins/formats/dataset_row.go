package formats

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// labelPartlyRead is that of an example whose row says more than an example holds.
const labelPartlyRead = "partly_read"

// A datasetReader makes an example of a row that somebody else wrote. A problem is what keeps the row from being an example;
// what the example has no place for is unread.
type datasetReader struct {
	rowReader
	example   *sdk.Example
	thinkTags bool
	tools     offers
	unread    map[string]int // by member and what it is one of
	before    map[string]int // of these, those before the last message of a list
	joint                    // of calls and results
}

// readDatasetRow makes the example of a row.
func readDatasetRow(row []byte, thinkTags bool, tools offers) (*sdk.Example, error) {
	if !utf8.Valid(row) {
		return nil, errNotUTF8
	}
	o := object{}
	if err := jsonv2.Unmarshal(row, &o); err != nil || o == nil {
		return nil, notARow(err)
	}
	e := &sdk.Example{Source: "dataset"}
	r := &datasetReader{rowReader: rowReader{one: true}, example: e, thinkTags: thinkTags, tools: tools, unread: map[string]int{}, joint: newJoint()}
	r.judged(o)
	r.conversation(o)
	r.check(len(e.Messages) > 0 || len(r.problems) > 0, "it has no message of a user's or the model's")
	r.unanswered()
	r.media(o)
	r.about(o)
	r.rest(o, "the row")
	if len(r.problems) > 0 {
		return nil, errors.New(r.problems[0])
	}
	if len(r.unread) > 0 {
		e.Provenance.Removed, e.Labels = r.unread, []string{labelPartlyRead}
	}
	e.Identity.Conversation = opening(e.Messages)
	return e, nil
}

func notARow(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return errors.New("an object with a key twice")
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON: %s", strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	return errors.New("no JSON object, as every row is")
}

// take takes a member out of an object; null is none.
func (o object) take(key string) jsontext.Value {
	value := o[key]
	delete(o, key)
	if value.Kind() == 'n' {
		return nil
	}
	return value
}

var (
	shortWord = regexp.MustCompile(`^[A-Za-z_]\w{0,23}$`)
	codeLike  = regexp.MustCompile(`(\d\D*){5}|[A-Z\d]{12}`)
)

// isWord reports whether a value or key of a row's may be told. Others may be secrets, and what is made of an example's words
// alone is not redacted, nor is a part of one known as such.
func isWord(value string) bool { return shortWord.MatchString(value) && !codeLike.MatchString(value) }

// quoted tells a value that is a word, behind what it is; others are left out.
func quoted(what, value string) string {
	if !isWord(value) {
		return ""
	}
	return what + strconv.Quote(value)
}

// rest counts the members that nobody took.
func (r *datasetReader) rest(o object, of string) {
	for _, key := range sortedKeys(o) {
		if o[key].Kind() != 'n' {
			r.pass(key, of)
		}
	}
}

// pass counts a member that is not read. A key may be data, and then it is not told.
func (r *datasetReader) pass(key, of string) {
	if !isWord(key) {
		key = "a member"
	}
	r.unread[key+" of "+of]++
}

// about reads what a row says besides its conversation.
func (r *datasetReader) about(o object) {
	for _, key := range []string{"tools", "functions"} {
		if value := o.take(key); value != nil {
			r.offer(value)
		}
	}
	if system := r.optional(o.take("system"), "system"); system != "" && system != r.example.System {
		if r.example.System != "" {
			r.pass("system", "the row")
		} else {
			r.example.System = system
		}
	}
	switch id := o["id"]; id.Kind() {
	case '"':
		r.example.Provenance.RecordIDs = []string{r.text(o.take("id"), "id")}
	case '0':
		r.example.Provenance.RecordIDs = []string{string(o.take("id"))}
	}
}

// media rejects a row with images, videos or sounds, which an example has no place for: trainers put them where a mark stands
// in the text, or before it.
func (r *datasetReader) media(o object) {
	for _, kind := range []string{"image", "video", "audio"} {
		for _, key := range []string{kind, kind + "s"} {
			switch text := strings.Trim(string(o[key]), "[] \t\r\n"); {
			case text == "" || text == `""`:
				delete(o, key)
			case text == "null":
			case key != kind || r.marked("<"+kind+">"):
				r.report(key + ": only text is read")
			}
		}
	}
}

func (r *datasetReader) marked(mark string) bool {
	return slices.ContainsFunc(r.example.Messages, func(m sdk.Message) bool { return strings.Contains(m.Text, mark) })
}

// opening names what a conversation begins with. Rows that go on differently, such as one for each answer and pairs, must
// not be parted into what is trained and what it is evaluated with.
func opening(messages []sdk.Message) string {
	sum := sha256.New()
	for _, m := range messages {
		fmt.Fprintf(sum, "%s %d %s", m.Role, len(m.Text), m.Text)
		if m.Role == sdk.RoleUser {
			break
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}
