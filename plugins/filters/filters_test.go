package filters

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestGolden(t *testing.T) { sdktest.Golden(t, Plugin) }

func TestConformance(t *testing.T) {
	sdktest.Conformance(t, Plugin, map[string]string{
		"filter.tools":         `{"tools": ["tool"]}`,
		"filter.types":         `{"types": ["negative"]}`,
		"filter.select":        `{"keep": [{"tags": ["*"]}, {"text": "."}]}`,
		"filter.label":         `{"rule": [{"arguments": "*", "tags": ["any"]}]}`,
		"filter.decontaminate": `{"against": ["testdata/decontaminate.txtar"]}`,
	})
}

func open(t *testing.T, filter, options string) error {
	for _, step := range Plugin.Steps {
		if step.Type == filter {
			_, err := step.Open(sdk.Setup{Block: "filter." + filter + ".test"}, options)
			return err
		}
	}
	require.Fail(t, "no such filter", filter)
	return nil
}

func TestOneConditionIsEnough(t *testing.T) {
	for _, condition := range []string{`"ids": ["a2345678"]`, `"labels": ["a"]`, `"tags": ["a"]`, `"task_types": ["a"]`, `"models": ["a"]`, `"tools": ["a"]`, `"arguments": "a"`, `"text": "a"`} {
		require.NoError(t, open(t, "select", `{"keep": [{`+condition+`}]}`))
	}
}

func TestOneKeepBlockSelects(t *testing.T) {
	filter, err := newSelect(sdk.Setup{}, selectOptions{Keep: []blockOptions{{Tags: []string{"a"}}}})
	require.NoError(t, err)
	verdict, err := filter.Apply(t.Context(), turn("go"))
	require.NoError(t, err)
	require.Equal(t, sdk.Drop("matches no keep block", ""), verdict)
}

// TestALabelThatIsThereIsNoChange: a rule changes nothing where an example has its task type already, and sets a missing one.
func TestALabelThatIsThereIsNoChange(t *testing.T) {
	filter, err := newLabel(sdk.Setup{}, labelOptions{Rules: []ruleOptions{{Text: "go", TaskType: "simple_command"}}})
	require.NoError(t, err)
	for task, action := range map[string]sdk.Action{"simple_command": sdk.ActionKeep, "": sdk.ActionAnnotate} {
		e := turn("go", `walk {} -> ok`)
		e.TaskType = task
		verdict, err := filter.Apply(t.Context(), e)
		require.NoError(t, err)
		require.Equal(t, action, verdict.Action)
	}
}

func TestSelectNeedsABlock(t *testing.T) {
	require.ErrorContains(t, open(t, "select", "{}"), "at least one keep or drop block is needed")
}

func TestBadOptionsAreNamed(t *testing.T) {
	for _, test := range []struct{ filter, options, option, reason string }{
		{"label", `{"rule": [{"tags": ["a"]}, {"text": "(", "tags": ["b"]}]}`, "rule[1].text", "error parsing regexp: missing closing ): `(`"},
		{"label", `{"rule": [{"text": "a"}]}`, "rule[0]", "the rule sets neither task_type nor tags"},
		{"label", `{"rule": [{"text": "a", "tags": ["b"]}, {"tools": [], "tags": ["b"]}]}`, "rule[1].tools", "the list is empty, so no call would be chosen; leave it out, or make it null, to choose all"},
		{"label", `{"rule": [{"tags": ["b"]}, {"tags": "x"}]}`, "rule[1].tags", "a list of strings is needed"},
		{"label", `{"rule": [{"tex": "x"}]}`, "rule[0].tex", "there is no such option"},
		{"label", `{"rule": "x"}`, "rule", "a list of blocks is needed"},
		{"select", `{"keep": [{"tags": ["a"]}, {}]}`, "keep[1]", "the block has no condition, so it would match everything"},
		{"select", `{"drop": [{"ids": []}]}`, "drop[0].ids", "the list is empty, so nothing would match; leave it out"},
		{"select", `{"keep": [{"ids": ["12345678", "1234567 too short"]}]}`, "keep[0].ids", `"1234567" is not the id of an example; write an id, or at least its first 8 characters`},
		{"select", `{"keep": [{"ids": ["\"12345678\""]}]}`, "keep[0].ids", `"\"12345678\"" is not the id of an example; write an id, or at least its first 8 characters`},
		{"select", `{"keep": [{"ids": ["{\"id\":\"12345678\"}"]}]}`, "keep[0].ids", `"{\"id\":\"12345678\"}" is not the id of an example; write an id, or at least its first 8 characters`},
		{"select", `{"drop": [{"labels": []}]}`, "drop[0].labels", "the list is empty, so nothing would match; leave it out"},
		{"select", `{"drop": [{"tags": []}]}`, "drop[0].tags", "the list is empty, so nothing would match; leave it out"},
		{"select", `{"drop": [{"task_types": []}]}`, "drop[0].task_types", "the list is empty, so nothing would match; leave it out"},
		{"select", `{"drop": [{"models": []}]}`, "drop[0].models", "the list is empty, so nothing would match; leave it out"},
		{"select", `{"drop": [{"text": "("}]}`, "drop[0].text", "error parsing regexp: missing closing ): `(`"},
		{"select", `{"drop": [{"task_type": "x"}]}`, "drop[0].task_type", "there is no such option"},
		{"types", `{}`, "types", "a value is needed"},
		{"types", `{"types": []}`, "types", "the list is empty, and at least one value is needed"},
		{"tools", `{"tools": []}`, "tools", "the list is empty, and at least one value is needed"},
		{"tools", `{"tools": ["a|b"]}`, "tools", `"a|b" matches no tool: a glob is a name in which * stands for any text and ? for one character; write several as a list`},
		{"types", `{"types": ["chain"]}`, "types", `"chain" is not one of direct_execution, multi_step, reasoning_chain, code_correction, negative`},
		{"tools", `{"tools": ["*"], "keep": "none"}`, "keep", `"none" is not one of calls, turn`},
		{"split", `{"eval": 0.7, "test": 0.3}`, "eval", "together with test, it leaves nothing to train on; write shares as parts of 1, such as 0.05"},
		{"quality", `{"min_score": 1.5}`, "min_score", "1.5 is above the maximum, 1"},
	} {
		t.Run(test.filter, func(t *testing.T) {
			var problem *sdk.OptionError
			require.ErrorAs(t, open(t, test.filter, test.options), &problem)
			require.Equal(t, test.option, problem.Option)
			require.Equal(t, test.reason, problem.Reason)
		})
	}
}

// A greater share has all that a smaller one chooses, and what a block chooses does not depend on what others choose.
func TestShare(t *testing.T) {
	chosen := func(filter, block string, share float64, id string) bool {
		blocks, err := newBlocks(filter, block, []blockOptions{{Share: &share}})
		require.NoError(t, err)
		return blocks[0].match(&sdk.Example{ID: id})
	}
	const examples = 4000
	counts := map[string]int{}
	for i := range examples {
		id := fmt.Sprint("example ", i)
		if chosen("a", "drop", 0.1, id) {
			counts["a tenth"]++
			require.True(t, chosen("a", "drop", 0.5, id))
		}
		if chosen("a", "drop", 0.5, id) {
			counts["half"]++
			for other, also := range map[string]bool{
				"keep": chosen("a", "keep", 0.5, id), "another filter": chosen("b", "drop", 0.5, id), "split": position("", id) < 0.5,
			} {
				if also {
					counts["half and half of "+other]++
				}
			}
		}
		require.False(t, chosen("a", "drop", 0, id))
		require.True(t, chosen("a", "drop", 1, id))
	}
	for name, want := range map[string]float64{
		"a tenth": 0.1, "half": 0.5, "half and half of keep": 0.25, "half and half of another filter": 0.25, "half and half of split": 0.25,
	} {
		require.InDelta(t, want, float64(counts[name])/examples, 0.03, name)
	}
}
