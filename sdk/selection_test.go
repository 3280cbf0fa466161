package sdk_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// dated emits an example of two records for each line of a file, which holds a time or nothing.
type dated struct{}

func (dated) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	file, err := unit.Files[0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	for line, err := range sdk.Lines(file) {
		if err != nil {
			return err
		}
		began, _ := time.Parse(time.RFC3339, string(line.Text))
		example := &sdk.Example{
			Messages:   []sdk.Message{{Role: sdk.RoleUser, Text: string(line.Text)}},
			Provenance: sdk.Provenance{Time: began, Records: 2},
		}
		if err := emitter.Example(example); err != nil {
			return err
		}
	}
	return nil
}

var clock = sdk.Plugin{Name: "clock", Version: "1", Doc: "Examples with times.", Steps: []sdk.Step{
	sdk.NewSource("dated", "Reads times.", func(sdk.Setup, struct{}) (sdk.Source, error) { return dated{}, nil }),
}}

func TestSinceAndUntilHoldForEverySource(t *testing.T) {
	folder := t.TempDir()
	times := []string{"2026-11-01T23:59:59.9Z", "2026-11-02T00:00:00Z", "2026-11-03T01:30:00+02:00", "2026-11-03T00:00:00Z", "some day"}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), []byte(strings.Join(times, "\n")), 0o644))
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	next := day.AddDate(0, 0, 1)
	for name, c := range map[string]struct {
		since, before time.Time
		want          []string
		ignored       map[string]int
	}{
		"no bound": {want: times},
		"since":    {since: day, want: times[1:4], ignored: map[string]int{"outside since and until": 2, "without a time to compare with since and until": 2}},
		"until":    {before: next, want: times[:3], ignored: map[string]int{"outside since and until": 2, "without a time to compare with since and until": 2}},
		"one day":  {since: day, before: next, want: times[1:3], ignored: map[string]int{"outside since and until": 4, "without a time to compare with since and until": 2}},
	} {
		t.Run(name, func(t *testing.T) {
			var everything *sdk.Selection
			setup := sdk.Setup{Paths: []string{folder}, Selection: everything.Between(c.since, c.before)}
			reading := sdktest.Read(t, clock, "dated", setup, "{}")
			var got []string
			for _, example := range reading.Examples {
				got = append(got, example.UserMessage())
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.ignored, reading.Tally.Ignored)
			require.Equal(t, 10, reading.Tally.Read)
		})
	}
}

func TestBoundsAreBesideTheToolsOfASelection(t *testing.T) {
	tools, err := sdk.NewSelection([]string{"go"}, "turn")
	require.NoError(t, err)
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	both := tools.Between(day, time.Time{})
	require.Equal(t, &sdk.Selection{Tools: []string{"go"}, KeepTurn: true, Since: day}, both)
	require.True(t, tools.Since.IsZero(), "the selection that it was made of stays as it is")
	require.False(t, both.Match("stop"))
	require.Equal(t, tools, both.Between(time.Time{}, time.Time{}), "a zero time is no bound")
	var everything *sdk.Selection
	require.Nil(t, everything.Between(time.Time{}, time.Time{}))
	require.True(t, everything.Between(day, day).Match("stop"), "bounds alone choose every call")
}

func TestNoSelectionLeavesNothingOut(t *testing.T) {
	var none *sdk.Selection
	nobody := func(func(string) bool) bool { return false }
	require.Empty(t, none.LeavesOut(time.Time{}, nobody))
	some, err := sdk.NewSelection([]string{"look"}, "")
	require.NoError(t, err)
	require.NotEmpty(t, some.LeavesOut(time.Time{}, nobody))
	require.Empty(t, some.LeavesOut(time.Time{}, func(match func(string) bool) bool { return match("mcp__x__look") }))
}
