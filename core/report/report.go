// Package report writes a run as a page: one HTML file that needs nothing else, neither scripts nor a network, and that is
// always the same for one run. Everything in it that comes from logs is text.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"strings"

	"github.com/ftprep/ftprep/core/record"
)

// Options say how a page is made.
type Options struct {
	Folder string              // of the pipeline: paths below it are written from there
	Mask   func(string) string // redacts texts of logs that no redact filter has seen
	Shown  func(string) string // makes visible what does not print, in all texts
	Size   func(int64) string  // writes a number of bytes for people
	Count  func(n int, noun string) string
}

//go:embed page.html
var source string

// Write writes the page as HTML.
func (p *Page) Write(w io.Writer, options Options) error {
	page, err := template.New("page").Funcs(template.FuncMap{"size": options.Size, "count": options.Count, "join": strings.Join}).Parse(source)
	if err == nil {
		err = page.Execute(w, p)
	}
	if err != nil {
		return fmt.Errorf("write the page of run %s: %w", p.Run, err)
	}
	return nil
}

// New makes the page of a run.
func New(o *record.Overview, options Options) *Page {
	s := o.Summary
	records, _, examples := s.Read()
	b := builder{Options: options, Overview: o}
	page := &Page{
		Version: 1, Run: o.Brief.Run, Pipeline: filepath.Base(s.Pipeline), Experiment: o.Brief.Experiment, Seconds: s.Seconds, Left: s.Left(),
		Records: records, Examples: examples,
		Funnel: b.funnel(), Sources: []Source{}, Filters: []Filter{}, Kept: b.kept(), Outputs: []Output{}, Sample: []Example{},
	}
	if at := o.Brief.Started; !at.IsZero() {
		page.Started = at.Format("2006-01-02 15:04:05 MST")
	}
	for _, source := range s.Sources {
		page.Sources = append(page.Sources, b.source(source))
	}
	for _, filter := range s.Filters {
		page.Redacted = page.Redacted || strings.HasPrefix(filter.Filter, "filter.redact.")
		page.Filters = append(page.Filters, b.filter(filter))
	}
	for _, output := range s.Outputs {
		page.Rows += output.Rows
		page.Outputs = append(page.Outputs, b.output(output))
	}
	for _, seen := range o.Sample {
		page.Sample = append(page.Sample, b.example(seen))
	}
	return page
}
