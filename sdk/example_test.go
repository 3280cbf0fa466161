package sdk_test

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// chatLog reads logs of lines such as "ann: hello": a question is what a person says, the answer what the bot does.
type chatLog struct{ bot string }

func (c chatLog) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	for _, file := range unit.Files {
		log, err := file.Open()
		if err != nil {
			return err
		}
		defer log.Close()
		question := ""
		for lines := bufio.NewScanner(log); lines.Scan(); {
			speaker, words, _ := strings.Cut(lines.Text(), ": ")
			if speaker != c.bot {
				question = words
				continue
			}
			example := &sdk.Example{Messages: []sdk.Message{
				{Role: sdk.User, Text: question}, {Role: sdk.Assistant, Text: words},
			}}
			if err := emitter.Example(example); err != nil {
				return err
			}
		}
	}
	return nil
}

type chatOptions struct {
	Bot string `option:"bot" doc:"What the bot is called." default:"bot"`
}

// A whole plugin: the value, and in its main package sdk.Serve(plugin).
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
	long := &sdk.Example{Messages: []sdk.Message{{Role: sdk.Assistant, Text: "one two three"}}}
	verdict, err := filter.(sdk.Filter).Apply(context.Background(), long)
	fmt.Println(verdict.Action, verdict.Reason, verdict.Evidence, err)
	// Output: drop long answer 3 words <nil>
}
