package sdk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// cards writes questions with their answers, and a file that says how many there are.
type cards struct{ fronts int }

func (c *cards) Encode(_ context.Context, example *sdk.Example) ([][]byte, error) {
	if example.ResponseText() == "" {
		return nil, sdk.Refuse("no answer")
	}
	c.fronts++
	row, err := json.Marshal(map[string]string{"front": example.UserMessage(), "back": example.ResponseText()})
	return [][]byte{row}, err
}

func (c *cards) Finish(_ context.Context, written []sdk.WrittenFile) ([]sdk.Companion, error) {
	text := fmt.Sprintf("%s holds %d cards\n", written[0].Name, c.fronts)
	return []sdk.Companion{{Name: "README.txt", Content: []byte(text)}}, nil
}

// A format that writes a file beside its output. It can hold neither calls nor several turns: the host converts or
// refuses such examples.
func ExampleNewFormat() {
	step := sdk.NewFormat("cards", "Rows of a front and a back.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) {
		return &cards{}, nil
	})
	opened, err := step.Open(sdk.Setup{}, "{}")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, answer := range []string{"Behind the red door.", ""} {
		rows, err := opened.(sdk.Format).Encode(context.Background(), &sdk.Example{Messages: []sdk.Message{
			{Role: sdk.RoleUser, Text: "Where is the store?"}, {Role: sdk.RoleAssistant, Text: answer},
		}})
		fmt.Printf("%s %v\n", rows, err)
	}
	companions, err := opened.(sdk.Finisher).Finish(context.Background(), []sdk.WrittenFile{{Name: "cards.jsonl", Rows: 1}})
	fmt.Printf("%s: %s%v\n", companions[0].Name, companions[0].Content, err)
	// Output:
	// [{"back":"Behind the red door.","front":"Where is the store?"}] <nil>
	// [] refused: no answer
	// README.txt: cards.jsonl holds 1 cards
	// <nil>
}

// sameQuestion treats examples with the same question, in upper or lower case, as equal.
type sameQuestion struct{}

func (sameQuestion) Keys(_ context.Context, example *sdk.Example) ([]string, error) {
	if question := example.UserMessage(); question != "" {
		return []string{strings.ToLower(question)}, nil
	}
	return nil, nil
}

func ExampleNewKeyer() {
	step := sdk.NewKeyer("questions", "Keeps one example of each question.", func(sdk.Setup, struct{}) (sdk.Keyer, error) {
		return sameQuestion{}, nil
	})
	opened, err := step.Open(sdk.Setup{}, "{}")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, question := range []string{"Where?", "WHERE?", ""} {
		keys, err := opened.(sdk.Keyer).Keys(context.Background(), &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: question}}})
		fmt.Printf("%q %v\n", keys, err)
	}
	// Output:
	// ["where?"] <nil>
	// ["where?"] <nil>
	// [] <nil>
}

// A conversation of several requests becomes one example for each. The type is left open, because a part may have another
// type than the whole.
func ExampleReplace() {
	split := func(e *sdk.Example) sdk.Verdict {
		var turns []*sdk.Example
		for _, message := range e.Messages {
			if message.Role == sdk.RoleUser || len(turns) == 0 {
				turns = append(turns, &sdk.Example{System: e.System, Toolset: e.Toolset})
			}
			last := turns[len(turns)-1]
			last.Messages = append(last.Messages, message)
		}
		if len(turns) < 2 {
			return sdk.Keep()
		}
		return sdk.Replace(turns...)
	}
	verdict := split(&sdk.Example{Messages: []sdk.Message{
		{Role: sdk.RoleUser, Text: "Where is the store?"}, {Role: sdk.RoleAssistant, Text: "Behind the red door."},
		{Role: sdk.RoleUser, Text: "Thanks!"}, {Role: sdk.RoleAssistant, Text: "You are welcome."},
	}})
	fmt.Println(verdict.Action)
	for _, example := range verdict.Examples {
		fmt.Println(example.UserMessage(), example.ResponseText())
	}
	// Output:
	// replace
	// Where is the store? Behind the red door.
	// Thanks! You are welcome.
}

type wordRule struct {
	From int `option:"from,required" doc:"The least number of words."`
	To   int `option:"to,required" doc:"The greatest."`
}

type wordOptions struct {
	Rules []wordRule `option:"rule" doc:"How many words are good."`
}

// Mistakes that tags cannot describe are found when the step is opened. Each complaint is shown at its line of the
// pipeline.
func ExampleInBlock() {
	step := sdk.NewFilter("words", "Counts words.", func(_ sdk.Setup, o wordOptions) (sdk.Filter, error) {
		var problems []error
		for i, rule := range o.Rules {
			if rule.To < rule.From {
				problem := &sdk.OptionError{Option: "to", Reason: fmt.Sprintf("%d is less than from, %d", rule.To, rule.From)}
				problems = append(problems, sdk.InBlock("rule", i, problem))
			}
		}
		return shortAnswers{}, errors.Join(problems...)
	})
	_, err := step.Open(sdk.Setup{}, `{"rule": [{"from": 1, "to": 5}, {"from": 9, "to": 7}, {"from": 3}]}`)
	fmt.Println(err)
	_, err = step.Open(sdk.Setup{}, `{"rule": [{"from": 1, "to": 5}, {"from": 9, "to": 7}]}`)
	fmt.Println(err)
	// Output:
	// open filter "words": option "rule[2].to": a value is needed
	// open filter "words": option "rule[1].to": 7 is less than from, 9
}

// The names that no option of a step may have.
func ExampleReserved() {
	for _, kind := range []sdk.Kind{sdk.KindSource, sdk.KindFilter, sdk.KindFormat} {
		names := sdk.Reserved(kind)
		slices.Sort(names)
		fmt.Println(kind, strings.Join(names, " "))
	}
	// Output:
	// source corrects keep max_units path plugin since system tools until
	// filter plugin
	// output context distractors max_result_tokens max_tokens overlong path plugin shard_size sources special_tokens system thinking tokenizer tool_names tools train types
}

// Several goroutines decode the lines of large files. The results are taken in the order of the file.
func ExampleLineDecoder() {
	questions := sdk.NewLineDecoder(func(lines iter.Seq2[sdk.Line, error]) (found []string) {
		for line, err := range lines {
			if err == nil && bytes.HasSuffix(line.Text, []byte("?")) {
				found = append(found, string(line.Text))
			}
		}
		return found
	})
	log := strings.NewReader("Hello.\nWhere is the store?\nBehind the red door.\nAnybody here?\n")
	err := questions.Read(context.Background(), log, func(found []string) error {
		fmt.Println(strings.Join(found, "\n"))
		return nil
	})
	fmt.Println(err)
	// Output:
	// Where is the store?
	// Anybody here?
	// <nil>
}

func ExampleLines() {
	log := strings.NewReader("\ufeffann: hello\r\nbot: hi\nann: b")
	for line, err := range sdk.Lines(log) {
		fmt.Printf("%d at %d: %s %t %v\n", line.Number, line.Offset, line.Text, line.Ended, err)
	}
	// Output:
	// 1 at 3: ann: hello true <nil>
	// 2 at 15: bot: hi true <nil>
	// 3 at 23: ann: b false <nil>
}
