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

// labelPartlyRead is the label of an example whose row says more than an example holds.
const labelPartlyRead = "partly_read"

// A datasetReader makes an example of a row that somebody else wrote. A problem keeps the row from being an example; members
// that an example has no place for are counted as unread.
type datasetReader struct {
	rowReader
	example      *sdk.Example
	thinkTags    bool
	tools        offers
	unread       map[string]int // by member and what it is a member of
	unreadBefore map[string]int // unread as it was before the last message of the last list
	callMatcher
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
	r := &datasetReader{rowReader: rowReader{one: true}, example: e, thinkTags: thinkTags, tools: tools, unread: map[string]int{}, callMatcher: newCallMatcher()}
	r.judged(o)
	r.conversation(o)
	r.check(len(e.Messages) > 0 || len(r.problems) > 0, "the row has no message of the user or the model")
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
		return errors.New("an object has a key twice")
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON: %s", strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	return errors.New("not a JSON object, as every row must be")
}

// take removes a member from an object and returns it; null counts as missing.
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

// isWord reports whether a value or a key of a row may appear in problems and counts. Others may be secrets, which redaction
// does not recognize without what stands around them, or in part.
func isWord(value string) bool { return shortWord.MatchString(value) && !codeLike.MatchString(value) }

// quoted returns a value in quotes after what it is, or an empty string if it may be a secret.
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
			r.countUnread(key, of)
		}
	}
}

// countUnread counts a member that is not read, under a general name if its key may be data.
func (r *datasetReader) countUnread(key, of string) {
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
			r.countUnread("system", "the row")
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
// in the text, or before it. A member in the singular may be anything, so it counts only if there is such a mark.
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

// opening names a conversation by its messages up to the first request. Rows that go on differently from there, such as one
// for each answer, or pairs, must not be parted into some to train on and others to evaluate with.
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
