package formats

import (
	"bytes"
	"encoding/json"

	"github.com/ftprep/ftprep/sdk"
)

func (l *llamaFactory) Decode(row []byte) (*sdk.Example, []string) {
	switch l.options.Shape {
	case "alpaca":
		return decodeAlpaca(row)
	case "dpo":
		return decodePair(row)
	}
	columns, p := parseShareGPT(row, false)
	if l.options.Shape == "kto" {
		var good bool
		if string(columns.KTOTag) == "null" || json.Unmarshal(columns.KTOTag, &good) != nil {
			p.report("kto_tag is neither true nor false: the row is dropped")
		}
		p.example.Good = &good
	}
	if l.options.Shape == "kto" || l.options.MaskHistory {
		maskHistory(p.example.Messages)
	}
	return p.example, p.problems
}

// maskHistory masks all messages of the model's but the last.
func maskHistory(messages []sdk.Message) {
	for i := range messages[:max(len(messages)-1, 0)] {
		messages[i].Masked = messages[i].Role == sdk.Assistant
	}
}

func decodePair(row []byte) (*sdk.Example, []string) {
	columns, p := parseShareGPT(row, true)
	for i := range p.example.Messages {
		p.example.Messages[i].Masked = p.example.Messages[i].Role == sdk.Assistant
	}
	chosen, rejected := p.shareOption(columns.Chosen, "chosen"), p.shareOption(columns.Rejected, "rejected")
	if bytes.Equal(columns.Chosen, columns.Rejected) {
		p.report("chosen and rejected are the same")
	}
	if chosen != nil {
		p.add(*chosen)
	}
	p.example.Rejected = rejected
	return p.example, p.problems
}

// decodeAlpaca reads one question and one answer.
func decodeAlpaca(row []byte) (*sdk.Example, []string) {
	question, answer, p := parseInstruction(row)
	if p == nil {
		return nil, []string{noInstruction}
	}
	p.add(sdk.Message{Role: sdk.User, Text: question})
	p.add(sdk.Message{Role: sdk.Assistant, Text: answer})
	return p.example, p.problems
}
