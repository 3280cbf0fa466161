package record

// Scores counts examples by quality score: below 0.1, below 0.2 and so on; the last are those of 1.
type Scores [11]int

// Least returns the lowest score of a bar.
func (s *Scores) Least(bar int) float64 { return float64(bar) / 10 }

// From counts the examples in a bar and in those above it.
func (s *Scores) From(bar int) int {
	n := 0
	for _, count := range s[bar:] {
		n += count
	}
	return n
}

func (s *Scores) add(score float64) {
	bar := len(s) - 1
	for bar > 0 && score < s.Least(bar) {
		bar--
	}
	s[bar]++
}
