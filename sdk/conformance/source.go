package conformance

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/sdk"
)

func (s *stepRunner) source(ctx context.Context) {
	s.check("an empty folder", func(f *findings) {
		if reading, ok := s.read(ctx, f, s.scratchFolder(f)); ok && len(reading.Examples) > 0 {
			f.fault("", "it found %d examples in an empty folder", len(reading.Examples))
		}
	})
	s.check("odd files", func(f *findings) { s.oddFiles(ctx, f) })
	s.check("two folders with equal names", func(f *findings) { s.alike(ctx, f) })
	s.check("a file that is gone", func(f *findings) { s.vanished(ctx, f) })
	s.check("cancel", func(f *findings) { s.cancelled(ctx, f) })
	if len(s.kit.Input) > 0 {
		s.check("the input", func(f *findings) { s.input(ctx, f) })
		s.check("the input, with nothing selected", func(f *findings) { s.nothingSelected(ctx, f) })
	}
}

// oddFiles reads files that no log should be, and then folders and links in circles in their place.
func (s *stepRunner) oddFiles(ctx context.Context, f *findings) {
	odd := oddContents()
	for _, what := range slices.Sorted(maps.Keys(odd)) {
		f.place = what
		folder := s.scratchFolder(f)
		fill(f, folder, odd[what])
		if reading, ok := s.read(ctx, f, folder); ok {
			s.examine(f, reading)
		}
		if s.silent {
			return
		}
	}
	f.place = "folders and links in circles"
	folder := s.scratchFolder(f)
	obstruct(f, folder)
	s.read(ctx, f, folder)
}

func (s *stepRunner) setup(paths ...string) sdk.Setup {
	return sdk.Setup{Block: "source." + s.step.Type + ".test", Paths: paths}
}

// read reads paths in two processes.
func (s *stepRunner) read(ctx context.Context, f *findings, paths ...string) (Reading, bool) {
	return twice(ctx, s.runner, f, func(client *sdk.Client) (Reading, error) {
		return Read(ctx, client, s.step.Type, s.setup(paths...), s.options)
	})
}

// examine checks what a source has given, besides what the client checks.
func (s *stepRunner) examine(f *findings, reading Reading) {
	if len(reading.Rejects) != reading.Tally.Rejected {
		f.fault("", "it counted %d rejected records but reported %d", reading.Tally.Rejected, len(reading.Rejects))
	}
	if len(reading.Examples) != reading.Tally.Examples {
		f.fault("", "it counted %d examples but sent %d", reading.Tally.Examples, len(reading.Examples))
	}
	for _, reject := range reading.Rejects {
		if reject.File == "" {
			f.fault("", "it rejected a record without a file: %+v", reject)
		}
	}
	seen := map[string]bool{}
	for _, example := range reading.Examples {
		if seen[example.ID] {
			f.fault("", "it gave the id %s twice", example.ID)
		}
		seen[example.ID] = true
		if example.SourceFile == "" {
			f.fault("example "+example.ID, "it does not say which file it comes from")
		}
	}
}

// vanished removes files between listing and reading. They must be rejected, and reading must go on.
func (s *stepRunner) vanished(ctx context.Context, f *findings) {
	folder := s.scratchFolder(f)
	fill(f, folder, "{}\n")
	f.each("", s.with(ctx, 0, func(client *sdk.Client) error {
		handle, err := client.Open(ctx, s.step, s.setup(folder), []byte(s.options))
		if err != nil {
			return err
		}
		units, err := client.Units(ctx, handle)
		if err != nil {
			return err
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
		var reading Reading
		if err := reading.units(ctx, client, handle, units); err != nil {
			return fmt.Errorf("reject a file that cannot be read, and go on: %w", err)
		}
		return nil
	}))
}

// alike reads two folders whose files have the same names, as the paths of one source often do.
func (s *stepRunner) alike(ctx context.Context, f *findings) {
	above := s.scratchFolder(f)
	var folders []string
	for _, name := range []string{"one", "two"} {
		folder := filepath.Join(above, name, "logs")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			f.each("", err)
			return
		}
		fill(f, folder, "{}\n")
		folders = append(folders, folder)
	}
	s.read(ctx, f, folders...)
}

// cancelled cancels the reading of units, each after its first frame or when there is none for a while. If a unit has
// several frames, the plugin must stop in the middle.
func (s *stepRunner) cancelled(ctx context.Context, f *findings) {
	paths := s.kit.Input
	if len(paths) == 0 {
		folder := s.scratchFolder(f)
		fill(f, folder, "{}\n")
		paths = []string{folder}
	}
	f.each("", s.cancels(ctx, func(client *sdk.Client) error {
		handle, err := client.Open(ctx, s.step, s.setup(paths...), []byte(s.options))
		if err != nil {
			return err
		}
		units, err := client.Units(ctx, handle)
		if err != nil {
			return err
		}
		for _, unit := range units[:min(len(units), 3)] {
			err := s.endsSoon(ctx, client, func(ctx context.Context) error {
				return client.Read(ctx, handle, []sdk.Unit{unit}, func(sdk.ReadFrame) error { return context.Canceled })
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// input reads the kit's input, which the author knows to be good, several times: forwards, backwards and all at once.
// Units know nothing of each other, so the results must be the same.
func (s *stepRunner) input(ctx context.Context, f *findings) {
	reading, ok := s.read(ctx, f, s.kit.Input...)
	if !ok {
		return
	}
	if len(reading.Examples) == 0 {
		f.fault("", "it found no example in the input")
	}
	s.examine(f, reading)
	backwards := slices.Clone(reading.Units)
	slices.Reverse(backwards)
	f.each("", s.with(ctx, 0, func(client *sdk.Client) error {
		handle, err := client.Open(ctx, s.step, s.setup(s.kit.Input...), []byte(s.options))
		if err != nil {
			return err
		}
		var again Reading
		if err := client.Read(ctx, handle, backwards, again.take); err != nil { // on one stream, if the source can do that
			return err
		}
		if !slices.Equal(sortedIDs(reading.Examples), sortedIDs(again.Examples)) {
			f.fault("", "units give other examples when they are read in another order: reading one must not depend on another")
		}
		together, err := readAtOnce(ctx, client, handle, backwards)
		if err == nil && !slices.Equal(sortedIDs(reading.Examples), sortedIDs(together)) {
			f.fault("", "units give other examples when they are read at the same time: reading one must not depend on another")
		}
		return err
	}))
}

// readAtOnce reads units over several streams of one opened source, as the host does.
func readAtOnce(ctx context.Context, client *sdk.Client, handle sdk.Handle, units []sdk.Unit) ([]*sdk.Example, error) {
	readings := make([]Reading, len(units))
	var group errgroup.Group
	group.SetLimit(streams)
	for i := range units {
		group.Go(func() error { return readings[i].units(ctx, client, handle, units[i:i+1]) })
	}
	err := group.Wait()
	var examples []*sdk.Example
	for _, reading := range readings {
		examples = append(examples, reading.Examples...)
	}
	return examples, err
}

func sortedIDs(examples []*sdk.Example) []string {
	all := ids(examples)
	slices.Sort(all)
	return all
}

// nothingSelected reads with selections that choose nothing: one by tools leaves out every conversation, one by time
// every example.
func (s *stepRunner) nothingSelected(ctx context.Context, f *findings) {
	selection, err := sdk.NewSelection([]string{"no_such_tool"}, "")
	if err != nil {
		f.each("", err)
		return
	}
	for option, selection := range map[string]*sdk.Selection{
		"tools": selection,
		"since": (*sdk.Selection)(nil).Between(time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}),
	} {
		setup := s.setup(s.kit.Input...)
		setup.Selection = selection
		f.each("", s.with(ctx, 0, func(client *sdk.Client) error {
			reading, err := Read(ctx, client, s.step.Type, setup, s.options)
			left := slices.DeleteFunc(reading.Examples, func(e *sdk.Example) bool { return option == "tools" && e.Detailed() })
			if len(left) > 0 {
				f.fault("", "the option %s selected nothing, but it sent %d examples", option, len(left))
			}
			return err
		}))
	}
}
