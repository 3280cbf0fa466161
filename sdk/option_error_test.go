package sdk_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestInBlockNamesTheBlock(t *testing.T) {
	require.NoError(t, sdk.InBlock("rule", 0, nil))
	text := &sdk.OptionError{Option: "text", Reason: "no expression"}
	for _, test := range []struct {
		err  error
		want *sdk.OptionError
	}{
		{text, &sdk.OptionError{Option: "rule[1].text", Reason: "no expression"}},
		{fmt.Errorf("open: %w", text), &sdk.OptionError{Option: "rule[1].text", Reason: "no expression"}},
		{errors.New("it sets nothing"), &sdk.OptionError{Option: "rule[1]", Reason: "it sets nothing"}},
		{&sdk.OptionError{Reason: "it sets nothing"}, &sdk.OptionError{Option: "rule[1]", Reason: "it sets nothing"}},
		{sdk.InBlock("part", 2, text), &sdk.OptionError{Option: "rule[1].part[2].text", Reason: "no expression"}},
	} {
		require.Equal(t, test.want, sdk.InBlock("rule", 1, test.err))
	}
	joined := sdk.InBlock("rule", 1, errors.Join(text, errors.New("more")))
	require.ErrorContains(t, joined, `"rule[1].text"`)
	require.ErrorContains(t, joined, `"rule[1]"`)
}
