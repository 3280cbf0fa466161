package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/core/plan"
)

// cacheFlags are the flags of commands that read through the cache.
type cacheFlags struct {
	off  bool
	size string
}

func (f *cacheFlags) add(command *cobra.Command) {
	command.Flags().BoolVar(&f.off, "no-cache", false, "read every unit again, and keep nothing for the next time")
	command.Flags().StringVar(&f.size, "cache-size", size(cache.DefaultBound), "keep at most `SIZE` of what units gave, such as 500MB or 2GiB")
}

// open opens the cache and returns a function that closes it. Without a cache everything is read, which is no failure.
func (f *cacheFlags) open(a *app) (*cache.Cache, func(), error) {
	bound, err := plan.ParseSize(f.size)
	if err != nil {
		return nil, nil, usageError("--cache-size: %v", err)
	}
	if _, err := strconv.ParseFloat(f.size, 64); err == nil && bound > 0 { // so few bytes would empty the cache of every pipeline
		return nil, nil, usageError("--cache-size %s has no unit: write one, such as %[1]sGB", f.size)
	}
	if f.off {
		return nil, func() {}, nil
	}
	folder, err := a.cacheFolder()
	if err != nil {
		a.say("nothing is cached: %v", err)
		return nil, func() {}, nil
	}
	opened, err := cache.Open(folder, bound)
	if err != nil {
		a.say("nothing is cached: %v", err)
		return nil, func() {}, nil
	}
	return opened, func() {
		if err := opened.Close(); err != nil {
			a.say("not everything was cached, so the next run takes longer: %v", err)
		}
	}, nil
}
