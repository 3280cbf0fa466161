package sdk_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// chatLog reads logs with lines such as "ann: hello". What a person says is a question, and what the bot says is the
// answer.
type chatLog struct{ bot string }

func (c chatLog) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	for _, file := range unit.Files {
		emitter.File(file)
		if err := emitter.RejectFile(c.read(file, emitter)); err != nil {
			return err
		}
	}
	return nil
}

func (c chatLog) read(file sdk.File, emitter *sdk.Emitter) error {
	log, err := file.Open()
	if err != nil {
		return err
	}
	defer log.Close()
	question, asked := "", 0 // asked is the question's line, or 0 if there is none
	for line, err := range sdk.Lines(log) {
		if err != nil {
			return err
		}
		speaker, words, ok := strings.Cut(string(line.Text), ": ")
		switch {
		case !ok:
			err = emitter.Reject(sdk.Reject{Line: line.Number, Cause: "nobody says it"})
		case speaker != c.bot:
			if asked > 0 {
				emitter.Ignore("question without an answer", 1)
			}
			question, asked = words, line.Number
		case asked == 0:
			emitter.Ignore("answer without a question", 1)
		default:
			err = emitter.Example(&sdk.Example{
				Messages:   []sdk.Message{{Role: sdk.RoleUser, Text: question}, {Role: sdk.RoleAssistant, Text: words}},
				Provenance: sdk.Provenance{FirstLine: asked, LastLine: line.Number, Records: 2},
			})
			asked = 0
		}
		if err == nil {
			err = emitter.Progress(int64(len(line.Text)) + 1)
		}
		if err != nil {
			return err
		}
	}
	if asked > 0 {
		emitter.Ignore("question without an answer", 1)
	}
	return nil
}

type chatOptions struct {
	Bot string `option:"bot" doc:"What the bot is called." default:"bot"`
}

// A plugin with a source. Its main function would be sdk.Serve(plugin).
func Example() {
	plugin := sdk.Plugin{
		Name: "chat", Version: "1.0.0", Doc: "Reads chat logs.",
		Steps: []sdk.Step{
			sdk.NewSource("chat", "Lines of speakers and their words.", func(_ sdk.Setup, o chatOptions) (sdk.Source, error) {
				return chatLog{bot: o.Bot}, nil
			}),
		},
	}
	fmt.Println(plugin.Validate())
	// Output: <nil>
}

// shortAnswers drops examples whose answers are long.
type shortAnswers struct{ most int }

func (s shortAnswers) Apply(_ context.Context, example *sdk.Example) (sdk.Verdict, error) {
	if words := len(strings.Fields(example.ResponseText())); words > s.most {
		return sdk.Drop("long answer", fmt.Sprintf("%d words", words)), nil
	}
	return sdk.Keep(), nil
}

func ExampleNewFilter() {
	type options struct {
		Words int `option:"words" doc:"The most words of an answer." default:"50" min:"1"`
	}
	step := sdk.NewFilter("short", "Keeps examples with short answers.", func(_ sdk.Setup, o options) (sdk.Filter, error) {
		return shortAnswers{most: o.Words}, nil
	})
	filter, err := step.Open(sdk.Setup{}, `{"words": 2}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	long := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleAssistant, Text: "one two three"}}}
	verdict, err := filter.(sdk.Filter).Apply(context.Background(), long)
	fmt.Println(verdict.Action, verdict.Reason, verdict.Evidence, err)
	// Output: drop long answer 3 words <nil>
}
