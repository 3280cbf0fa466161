package report

import "fmt"

// funnel follows the examples from the sources to the outputs.
func (b *builder) funnel() []Stage {
	s := b.Summary
	var stages []Stage
	_, _, left := s.Read()
	add := func(step, note string, count int) {
		stages = append(stages, Stage{Step: step, Note: note, Count: count})
	}
	add("examples read", "", left)
	if s.Copies > 0 {
		left -= s.Copies
		add("copies of one conversation", fmt.Sprintf("-%d", s.Copies), left)
	}
	if s.Corrected > 0 {
		left -= s.Corrected
		add("corrected", fmt.Sprintf("-%d", s.Corrected), left)
	}
	for _, filter := range s.Filters {
		if filter.Dropped > 0 {
			left -= filter.Dropped
			add(filter.Filter, fmt.Sprintf("-%d", filter.Dropped), left)
		}
	}
	if s.Added > 0 {
		left += s.Added
		add("added by replacements", fmt.Sprintf("+%d", s.Added), left)
	}
	add("kept", "", s.Left())
	for _, output := range s.Outputs {
		note := ""
		if output.Selected < s.Left() {
			note = fmt.Sprintf("selects %d", output.Selected)
		}
		add(output.Output, note, output.Encoded)
	}
	most := 0
	for _, stage := range stages {
		most = max(most, stage.Count)
	}
	for i := range stages {
		stages[i].Percent = percent(stages[i].Count, most)
	}
	return stages
}

func percent(n, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(n*1000/all) / 10
}
