package sdktest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/conformance"
)

// deaf is a step that does not notice that a call is cancelled, from when it is stuck until it is freed.
type deaf struct {
	stuck atomic.Bool
	freed chan struct{}
}

func (d *deaf) wait() {
	if d.stuck.Load() {
		<-d.freed
	}
}

func (d *deaf) Apply(context.Context, *sdk.Example) (sdk.Verdict, error) {
	d.wait()
	return sdk.Keep(), nil
}

func (d *deaf) Encode(context.Context, *sdk.Example) ([][]byte, error) {
	d.wait()
	return [][]byte{[]byte("{}")}, nil
}

func (d *deaf) Read(context.Context, sdk.Unit, *sdk.Emitter) error {
	d.wait()
	return nil
}

// deafKeyer is a deaf keyer.
type deafKeyer struct{ *deaf }

func (d deafKeyer) Keys(context.Context, *sdk.Example) ([]string, error) {
	d.wait()
	return nil, nil
}

// sluggish delays the answers to some calls of Drain at the end of the check.
type sluggish struct {
	ending atomic.Bool
	times  atomic.Int32
}

func (s *sluggish) intercept(ctx context.Context, request any, call *grpc.UnaryServerInfo, answer grpc.UnaryHandler) (any, error) {
	if s.ending.Load() && strings.HasSuffix(call.FullMethod, "/Drain") && s.times.Add(-1) >= 0 {
		select {
		case <-ctx.Done(): // an answer could still arrive at the very moment of the deadline
			return nil, ctx.Err()
		case <-time.After(conformance.CancelTime * 3 / 2):
		}
	}
	return answer(ctx, request)
}

// endOf keeps the faults found at the end, which begins after the last check of the last step.
type endOf struct {
	*sluggish
	faults []string
}

func (e *endOf) Checked(name string, faults []string) {
	if strings.HasSuffix(name, ": cancel") {
		e.ending.Store(true)
	}
	if name == "end" {
		e.faults = faults
	}
}

func TestABusyMachineIsNoFaultOfThePlugin(t *testing.T) {
	keep := sdk.NewFilter("keep", "Keeps.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return &deaf{}, nil })
	plugin := sdk.Plugin{Name: "keep", Version: "1", Doc: "Keeps.", Steps: []sdk.Step{keep}}
	for times, want := range map[int32][]string{
		0: nil, 2: nil, 3: {"it does not drain within 1s, although nothing is in flight"},
	} {
		t.Run(fmt.Sprint(times), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &endOf{sluggish: &sluggish{}}
				e.times.Store(times)
				kit := conformance.Kit{Start: starter(t, plugin, grpc.ChainUnaryInterceptor(e.intercept))}
				kit.Run(t.Context(), e)
				require.Equal(t, want, e.faults)
			})
		})
	}
}

// checks keeps what was checked, and makes the step deaf for the check of cancelling.
type checks struct {
	*deaf
	before string // the name of the check before that of cancelling
	faults map[string][]string
	free   func()
}

func (c *checks) Checked(name string, faults []string) {
	c.faults[name] = faults
	if strings.HasSuffix(name, c.before) {
		c.stuck.Store(true)
	}
	if strings.HasSuffix(name, ": cancel") {
		c.stuck.Store(false)
		c.free()
	}
}

// The time is that of a synctest bubble, which goes on only when everybody waits, so the plugin is at work when it is
// cancelled.
func TestAStepThatHearsOfNoCancellingIsFound(t *testing.T) {
	for before, step := range map[string]func(*deaf) sdk.Step{
		": a file that is gone": func(d *deaf) sdk.Step {
			return sdk.NewSource("deaf", "Waits.", func(sdk.Setup, struct{}) (sdk.Source, error) { return d, nil })
		},
		"filter.deaf: no examples": func(d *deaf) sdk.Step {
			return sdk.NewFilter("deaf", "Waits.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return d, nil })
		},
		"filter.deaf: odd examples": func(d *deaf) sdk.Step {
			return sdk.NewKeyer("deaf", "Waits.", func(sdk.Setup, struct{}) (sdk.Keyer, error) { return deafKeyer{d}, nil })
		},
		"output.deaf: no examples": func(d *deaf) sdk.Step {
			return sdk.NewFormat("deaf", "Waits.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return d, nil })
		},
	} {
		t.Run(before, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { findsDeaf(t, before, step) })
		})
	}
}

func findsDeaf(t *testing.T, before string, step func(*deaf) sdk.Step) {
	d := &deaf{freed: make(chan struct{})}
	c := &checks{deaf: d, before: before, faults: map[string][]string{}, free: sync.OnceFunc(func() { close(d.freed) })}
	defer c.free()
	one := step(d)
	kit := conformance.Kit{Start: starter(t, sdk.Plugin{Name: "deaf", Version: "1", Doc: "Waits.", Steps: []sdk.Step{one}})}
	kit.Run(t.Context(), c)
	require.Equal(t, []string{"a cancelled call was still running after 1s: check its context"}, c.faults[string(one.Kind)+".deaf: cancel"])
}

// forgetful is a source that names files without the path that they are below.
type forgetful struct{}

func (forgetful) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	files, err := sdk.ListFiles(paths, func(base string) bool { return base == "odd.txt" })
	var units []sdk.Unit
	for _, file := range files {
		units = append(units, sdk.Unit{ID: path.Base(file.Name), Files: []sdk.File{file}})
	}
	return units, err
}

func (forgetful) Read(context.Context, sdk.Unit, *sdk.Emitter) error { return nil }

// all keeps what was checked.
type all map[string][]string

func (a all) Checked(name string, faults []string) { a[name] = faults }

func TestASourceThatDoesNotTellPathsApartIsFound(t *testing.T) {
	step := sdk.NewSource("forgetful", "Forgets.", func(sdk.Setup, struct{}) (sdk.Source, error) { return forgetful{}, nil })
	checked := all{}
	conformance.Kit{Start: starter(t, sdk.Plugin{Name: "forgetful", Version: "1", Doc: "Forgets.", Steps: []sdk.Step{step}})}.Run(t.Context(), checked)
	require.Empty(t, checked["source.forgetful: odd files"])
	require.Equal(t, []string{`the plugin lists the unit "odd.txt" twice: if there are several paths, ids must tell their files apart`},
		checked["source.forgetful: two folders with equal names"])
}

// mindful is a filter that remembers what it has seen, so that it works only if one stream comes after the other.
type mindful struct {
	mu   sync.Mutex
	seen map[string]bool
}

func (m *mindful) Apply(_ context.Context, example *sdk.Example) (sdk.Verdict, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen[example.ID] {
		return sdk.Drop("seen before", ""), nil
	}
	m.seen[example.ID] = true
	return sdk.Keep(), nil
}

func (m *mindful) Keys(_ context.Context, example *sdk.Example) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen[example.ID] = true
	return []string{fmt.Sprint(len(m.seen))}, nil
}

func TestAFilterThatRemembersExamplesIsFound(t *testing.T) {
	for name, step := range map[string]sdk.Step{
		"filter": sdk.NewFilter("mindful", "Remembers.", func(sdk.Setup, struct{}) (sdk.Filter, error) {
			return &mindful{seen: map[string]bool{}}, nil
		}),
		"keyer": sdk.NewKeyer("mindful", "Remembers.", func(sdk.Setup, struct{}) (sdk.Keyer, error) {
			return &mindful{seen: map[string]bool{}}, nil
		}),
	} {
		t.Run(name, func(t *testing.T) {
			checked := all{}
			plugin := sdk.Plugin{Name: "mindful", Version: "1", Doc: "Remembers.", Steps: []sdk.Step{step}}
			conformance.Kit{Start: starter(t, plugin)}.Run(t.Context(), checked)
			require.Equal(t, []string{"examples in one frame, over several streams at once, get other answers than one by one: " +
				"a step must not remember what it has seen"}, checked["filter.mindful: odd examples"])
		})
	}
}

// jealous is a source that finds nothing in a unit while it reads another.
type jealous struct{ reading atomic.Int32 }

func (*jealous) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	return sdk.ListUnits(paths, func(base string) bool { return path.Ext(base) == ".log" })
}

func (j *jealous) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	defer j.reading.Add(-1)
	if j.reading.Add(1) > 1 {
		return nil
	}
	time.Sleep(time.Second) // in a bubble, until all others wait
	return emitter.Example(&sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: unit.ID}}})
}

func TestASourceWhoseUnitsDisturbEachOtherIsFound(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.log", "b.log"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
	step := sdk.NewSource("jealous", "Minds.", func(sdk.Setup, struct{}) (sdk.Source, error) { return &jealous{}, nil })
	synctest.Test(t, func(t *testing.T) {
		checked := all{}
		plugin := sdk.Plugin{Name: "jealous", Version: "1", Doc: "Minds.", Steps: []sdk.Step{step}}
		conformance.Kit{Start: starter(t, plugin), Input: []string{folder}}.Run(t.Context(), checked)
		require.Equal(t, []string{"units give other examples when they are read at the same time: reading one must not depend on another"},
			checked["source.jealous: the input"])
	})
}

// sloppy is a source that rejects records without a cause. Only a host that checks what it gets notices.
type sloppy struct{}

func (sloppy) Read(_ context.Context, _ sdk.Unit, emitter *sdk.Emitter) error {
	return emitter.Reject(sdk.Reject{})
}

func TestWhatAPluginSendsIsCheckedAsInARun(t *testing.T) {
	step := sdk.NewSource("sloppy", "Rejects.", func(sdk.Setup, struct{}) (sdk.Source, error) { return sloppy{}, nil })
	client := Connect(t, sdk.Plugin{Name: "sloppy", Version: "1", Doc: "Rejects.", Steps: []sdk.Step{step}})
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.log"), nil, 0o600))
	_, err := conformance.Read(t.Context(), client, "sloppy", sdk.Setup{Paths: []string{folder}}, "{}")
	require.ErrorContains(t, err, "without a cause")
}

// modal is a format whose options decide that it holds no calls. It fails if it gets one.
type modal struct{}

func (modal) Holds() sdk.Holds { return sdk.Holds{} }

func (modal) Encode(_ context.Context, example *sdk.Example) ([][]byte, error) {
	if len(example.Calls()) > 0 || example.Detailed() {
		return nil, errors.New("it said that it holds no such example")
	}
	return [][]byte{[]byte("{}")}, nil
}

func TestAFormatGetsWhatItsOptionsMakeItHold(t *testing.T) {
	most := sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Details: true, Negatives: true}
	step := sdk.NewFormat("modal", "Has modes.", most, func(sdk.Setup, struct{}) (sdk.Format, error) { return modal{}, nil })
	Conformance(t, sdk.Plugin{Name: "modal", Version: "1", Doc: "Has modes.", Steps: []sdk.Step{step}}, nil)
}

// told is a source that emits, for each unit, what a function makes of its id and of how many units have been read.
type told struct {
	say  func(unit string, read int) string
	read atomic.Int32
}

func (*told) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	units, err := sdk.ListUnits(paths, func(base string) bool { return path.Ext(base) == ".log" })
	return append(units, sdk.Unit{ID: "always"}), err
}

func (s *told) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	text := s.say(unit.ID, int(s.read.Add(1)))
	if text == "" {
		return nil
	}
	return emitter.Example(&sdk.Example{SourceFile: "a.log", Messages: []sdk.Message{{Role: sdk.RoleUser, Text: text}}})
}

func TestFaultsOfSourcesAreFound(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.log"), nil, 0o600))
	for name, test := range map[string]struct {
		say   func(unit string, read int) string
		check string
		want  []string
	}{
		"it makes things up": {func(string, int) string { return "hello" }, "an empty folder", []string{"it found 1 examples in an empty folder"}},
		"it finds nothing":   {func(string, int) string { return "" }, "the input", []string{"it found no example in the input"}},
		"it counts units": {func(unit string, read int) string { return fmt.Sprint(unit, read) }, "the input", []string{
			"units give other examples when they are read in another order: reading one must not depend on another",
			"units give other examples when they are read at the same time: reading one must not depend on another",
		}},
		"all is well": {func(unit string, _ int) string { return strings.TrimPrefix(unit, "always") }, "the input", nil},
	} {
		t.Run(name, func(t *testing.T) {
			step := sdk.NewSource("told", "Tells.", func(sdk.Setup, struct{}) (sdk.Source, error) { return &told{say: test.say}, nil })
			checked := all{}
			plugin := sdk.Plugin{Name: "told", Version: "1", Doc: "Tells.", Steps: []sdk.Step{step}}
			conformance.Kit{Start: starter(t, plugin), Input: []string{folder}}.Run(t.Context(), checked)
			require.Equal(t, test.want, checked["source.told: "+test.check])
		})
	}
}

// wordy is a format that refuses every example, each with another reason.
type wordy struct{}

func (wordy) Encode(_ context.Context, example *sdk.Example) ([][]byte, error) {
	return nil, sdk.Refuse("the example " + example.ID + strings.Repeat(" is nothing", 30))
}

func TestALongRefusalIsFound(t *testing.T) {
	step := sdk.NewFormat("wordy", "Refuses.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return wordy{}, nil })
	checked := all{}
	conformance.Kit{Start: starter(t, sdk.Plugin{Name: "wordy", Version: "1", Doc: "Refuses.", Steps: []sdk.Step{step}})}.Run(t.Context(), checked)
	require.Contains(t, checked["output.wordy: odd examples"][0], "example 1: the reason for a refusal must be a short phrase by which reports count")
}

// unheard has a method Units that is not that of a Lister.
type unheard struct{}

func (unheard) Units() []sdk.Unit { return nil }

func (unheard) Read(context.Context, sdk.Unit, *sdk.Emitter) error { return nil }

func TestAStepThatCannotBeOpenedIsOneFault(t *testing.T) {
	step := sdk.NewSource("unheard", "Lists.", func(sdk.Setup, struct{}) (sdk.Source, error) { return unheard{}, nil })
	checked := all{}
	conformance.Kit{Start: starter(t, sdk.Plugin{Name: "unheard", Version: "1", Doc: "Lists.", Steps: []sdk.Step{step}})}.Run(t.Context(), checked)
	require.Len(t, checked["source.unheard: options"], 1)
	require.Regexp(t, "^its method Units would never be called: ", checked["source.unheard: options"][0])
	require.NotContains(t, checked, "source.unheard: odd files")
	require.Contains(t, checked, "end")
}

// stuck is a source that gives nothing until it is cancelled.
type stuck struct{}

func (stuck) Read(ctx context.Context, _ sdk.Unit, _ *sdk.Emitter) error {
	<-ctx.Done()
	return ctx.Err()
}

// TestASilentSourceIsWaitedForOnce, and not once for each odd file.
func TestASilentSourceIsWaitedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		step := sdk.NewSource("stuck", "Waits.", func(sdk.Setup, struct{}) (sdk.Source, error) { return stuck{}, nil })
		checked := all{}
		conformance.Kit{Start: starter(t, sdk.Plugin{Name: "stuck", Version: "1", Doc: "Waits.", Steps: []sdk.Step{step}})}.Run(t.Context(), checked)
		require.Equal(t, []string{"CRLF line ends: unit all: no answer for 1m0s, the idle_timeout of its plugin block"}, checked["source.stuck: odd files"])
	})
}
