package filters

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

type qualityOptions struct {
	MinScore *float64        `option:"min_score" doc:"Drops examples that score less. Without it, examples are only scored." min:"0" max:"1"`
	Signals  []signalOptions `option:"signal" doc:"A bound on one signal, whatever the score is."`
}

type signalOptions struct {
	Name     string  `option:"name,required" doc:"The signal. Examples that lack it stay." one_of:"executed,succeeded,concise,appropriate,whole,complete,feedback"`
	MinScore float64 `option:"min_score,required" doc:"Drops examples that score less on this signal." min:"0" max:"1"`
}

// quality scores examples; the package comment defines the signals and the score.
type quality struct {
	qualityOptions
	tools toolbox
}

func newQuality(setup sdk.Setup, o qualityOptions) (sdk.Filter, error) {
	return &quality{o, newToolbox(setup.Tools)}, nil
}

// counted are the names of the signals that make up the score.
var counted = []string{"executed", "succeeded", "concise", "appropriate", "whole", "complete", "feedback"}

func (q *quality) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	var known, measured []sdk.Signal
	for _, signal := range e.Signals {
		if slices.Contains(counted, signal.Name) && !math.IsNaN(signal.Score) {
			known = append(known, signal)
		}
	}
	for _, signal := range q.measure(e) {
		if !slices.ContainsFunc(known, func(s sdk.Signal) bool { return s.Name == signal.Name }) {
			measured = append(measured, signal)
		}
	}
	all := slices.Concat(known, measured)
	if len(all) == 0 {
		return sdk.Keep(), nil
	}
	score := score(all)
	if low := q.low(score, all); low != "" {
		verdict := sdk.Drop("low quality: "+low, explain(score, all))
		verdict.Annotation.Quality = &score
		return verdict, nil
	}
	return sdk.Annotate(sdk.Annotation{Signals: measured, Quality: &score}), nil
}

// low returns the name of the signal for which an example is dropped, or an empty string if it stays.
func (q *quality) low(score float64, signals []sdk.Signal) string {
	for _, bound := range q.Signals {
		for _, signal := range signals {
			if signal.Name == bound.Name && signal.Score < bound.MinScore {
				return signal.Name
			}
		}
	}
	if q.MinScore != nil && score < *q.MinScore {
		return weakest(signals)
	}
	return ""
}

func (q *quality) measure(e *sdk.Example) []sdk.Signal {
	if e.Detailed() {
		return []sdk.Signal{complete(e)}
	}
	var signals []sdk.Signal
	add := func(signal sdk.Signal, applies bool) {
		if applies {
			signals = append(signals, signal)
		}
	}
	add(executed(e, q.tools))
	add(succeeded(e))
	add(concise(e))
	add(q.tools.appropriate(e))
	add(whole(e))
	return signals
}

// score returns the geometric mean, rounded because its last bits differ between processors.
func score(signals []sdk.Signal) float64 {
	product := 1.0
	for _, signal := range signals {
		product *= min(max(signal.Score, 0), 1)
	}
	return math.Round(1000*math.Pow(product, 1/float64(len(signals)))) / 1000
}

// weakest returns the name of the lowest signal, the first among equals.
func weakest(signals []sdk.Signal) string {
	return slices.MinFunc(signals, func(a, b sdk.Signal) int { return cmp.Compare(a.Score, b.Score) }).Name
}

// explain lists the signals that lowered a score.
func explain(score float64, signals []sdk.Signal) string {
	var low []string
	for _, signal := range signals {
		if signal.Score < 1 {
			low = append(low, fmt.Sprintf("%s %.2f (%s)", signal.Name, signal.Score, signal.Evidence))
		}
	}
	return fmt.Sprintf("score %.3f: %s", score, strings.Join(low, "; "))
}

// number returns a count with its noun, such as "2 calls".
func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
