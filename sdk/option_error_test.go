package sdk_test

import (
	"errors"
	"fmt"
	"io/fs"
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
		{fmt.Errorf("first: %w", text), &sdk.OptionError{Option: "rule[1].text", Reason: "first: no expression"}},
		{fmt.Errorf("first: %w", errors.Join(text, errors.New("more"))), &sdk.OptionError{Option: "rule[1].text", Reason: "first: no expression\nmore"}},
		{fmt.Errorf("%w: %w", errors.ErrUnsupported, text), &sdk.OptionError{Option: "rule[1].text", Reason: "unsupported operation: no expression"}},
		{fmt.Errorf("%w: %w", errors.ErrUnsupported, fs.ErrNotExist), &sdk.OptionError{Option: "rule[1]", Reason: "unsupported operation: file does not exist"}},
		{errors.New("it sets nothing"), &sdk.OptionError{Option: "rule[1]", Reason: "it sets nothing"}},
		{&sdk.OptionError{Reason: "it sets nothing"}, &sdk.OptionError{Option: "rule[1]", Reason: "it sets nothing"}},
		{sdk.InBlock("part", 2, text), &sdk.OptionError{Option: "rule[1].part[2].text", Reason: "no expression"}},
	} {
		require.Equal(t, test.want, sdk.InBlock("rule", 1, test.err))
	}
	require.EqualError(t, sdk.InBlock("rule", 1, empty{}), `option "rule[1]": nothing`)
	joined := sdk.InBlock("rule", 1, errors.Join(text, errors.New("more")))
	require.ErrorContains(t, joined, `"rule[1].text"`)
	require.ErrorContains(t, joined, `"rule[1]"`)
}

// empty is an error that wraps no errors.
type empty struct{}

func (empty) Error() string   { return "nothing" }
func (empty) Unwrap() []error { return nil }
