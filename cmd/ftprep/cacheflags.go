package main

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/cache"
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
	bound, err := parseSize(f.size)
	if err != nil {
		return nil, nil, usageError("--cache-size %q: %v", f.size, err)
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

// units are what sizes may be written in.
var sizeUnits = map[string]float64{
	"": 1, "b": 1,
	"k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// parseSize reads a number of bytes such as 2GiB, 500 MB or 1.5g.
func parseSize(text string) (int64, error) {
	digits := strings.TrimRight(strings.ToLower(text), "bikmgt ")
	unit, known := sizeUnits[strings.TrimSpace(strings.ToLower(text)[len(digits):])]
	number, err := strconv.ParseFloat(digits, 64)
	if bytes := number * unit; err == nil && known && bytes >= 0 && bytes < math.MaxInt64 {
		return int64(bytes), nil
	}
	return 0, errors.New("write a number of bytes such as 500MB or 2GiB")
}
