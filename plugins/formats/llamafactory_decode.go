package formats

import (
	"bytes"

	"github.com/ftprep/ftprep/sdk"
)

func (l *llamaFactory) Decode(row []byte) (*sdk.Example, []string) {
	switch l.options.Shape {
	case "alpaca":
		return decodeInstruction(row, func(p *parser, output string) { p.add(sdk.Message{Role: sdk.RoleAssistant, Text: output}) })
	case "dpo":
		return decodePair(row)
	}
	top, p := parseShareGPT(row, false)
	if top == nil {
		return nil, p.problems
	}
	if l.options.Shape == "kto" {
		p.example.Good = new(p.flag(top["kto_tag"], "kto_tag"))
	}
	if l.options.Shape == "kto" || l.options.MaskHistory {
		maskHistory(p.example.Messages)
	}
	return p.example, p.problems
}

// maskHistory masks all messages of the model's but the last.
func maskHistory(messages []sdk.Message) {
	maskAnswers(messages[:max(len(messages)-1, 0)])
}

func decodePair(row []byte) (*sdk.Example, []string) {
	top, p := parseShareGPT(row, true)
	if top == nil {
		return nil, p.problems
	}
	maskAnswers(p.example.Messages)
	chosen, rejected := p.shareOption(top["chosen"], "chosen"), p.shareOption(top["rejected"], "rejected")
	p.check(!bytes.Equal(top["chosen"], top["rejected"]), "chosen and rejected are the same")
	if chosen != nil {
		p.add(*chosen)
	}
	p.example.Rejected = rejected
	return p.example, p.problems
}
