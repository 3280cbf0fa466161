package shape

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestTold(t *testing.T) {
	tests := map[string]struct {
		example  sdk.Example
		question string
		answer   string // empty: no conversation
	}{
		"chain": {
			example: sdk.Example{
				Context: "Bone burying, 2026-02-03",
				Chain:   &sdk.ReasoningChain{Problem: "Clicks miss\nnow and then.", RootCause: "- lag\n- zoom", Reasoning: "Both move the box.", Solution: "Wait a tick."},
			},
			question: "Problem: Clicks miss\nnow and then.\n\nContext: Bone burying, 2026-02-03",
			answer:   "Root cause:\n\n- lag\n- zoom\n\nBoth move the box.\n\nFix: Wait a tick.",
		},
		"chain without a fix": {
			example:  sdk.Example{Chain: &sdk.ReasoningChain{Problem: "Clicks miss.", RootCause: "Lag."}},
			question: "Problem: Clicks miss.",
			answer:   "Root cause: Lag.",
		},
		"chain without a cause": {
			example:  sdk.Example{Chain: &sdk.ReasoningChain{Problem: "\n Clicks miss. ", Solution: "Wait."}},
			question: "Problem: Clicks miss.",
			answer:   "Fix: Wait.",
		},
		"chain without cause and fix": {
			example: sdk.Example{Chain: &sdk.ReasoningChain{Problem: "Clicks miss.", Reasoning: "Hm."}},
		},
		"correction": {
			example: sdk.Example{Context: "Doors", Correction: &sdk.CodeCorrection{
				Language: "java", BadCode: "sleep(1);\n", BadReason: "It blocks.", GoodCode: "  tick();", GoodReason: "It yields.",
			}},
			question: "What is wrong with this code, and how is it done right?\n\n```java\nsleep(1);\n```\n\nContext: Doors",
			answer:   "It blocks.\n\nIt yields.\n\nThe right way:\n\n```java\n  tick();\n```",
		},
		"code with fences": {
			example:  sdk.Example{Correction: &sdk.CodeCorrection{BadCode: "```", GoodCode: "~~~"}},
			question: "What is wrong with this code, and how is it done right?\n\n````\n```\n````",
			answer:   "The right way:\n\n```\n~~~\n```",
		},
		"correction without good code": {
			example: sdk.Example{Correction: &sdk.CodeCorrection{BadCode: "sleep(1);", BadReason: "It blocks."}},
		},
		"correction without bad code": {
			example: sdk.Example{Correction: &sdk.CodeCorrection{BadReason: "It blocks.", GoodCode: "tick();"}},
		},
		"anti-pattern": {
			example: sdk.Example{Negative: &sdk.AntiPattern{Pattern: "Don't sleep", Reason: "it blocks"}},
		},
	}
	for label, test := range tests {
		t.Run(label, func(t *testing.T) {
			got := told(&test.example)
			if test.answer == "" {
				require.Nil(t, got)
				return
			}
			require.Equal(t, []sdk.Message{{Role: sdk.RoleUser, Text: test.question}, {Role: sdk.RoleAssistant, Text: test.answer}}, got)
		})
	}
}

// TestHalfATaleIsRefused: nothing can be asked or answered where a part is missing.
func TestHalfATaleIsRefused(t *testing.T) {
	for _, e := range []*sdk.Example{
		{Chain: &sdk.ReasoningChain{Problem: "Clicks miss."}},
		{Chain: &sdk.ReasoningChain{Solution: "Wait a tick."}},
		{Correction: &sdk.CodeCorrection{BadCode: "click()"}},
	} {
		require.Equal(t, []string{untold}, New(Options{}, chat, nil, nil).Shape(e, nil).Refused)
	}
	caused := &sdk.Example{Chain: &sdk.ReasoningChain{Problem: "Clicks miss.", RootCause: "lag"}}
	require.Empty(t, New(Options{}, chat, nil, nil).Shape(caused, nil).Refused)
}
