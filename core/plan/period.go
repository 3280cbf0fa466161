package plan

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// A moment is what since and until name: an instant, or a whole day.
type moment struct {
	start time.Time // UTC
	day   bool
}

// end returns the first instant that until rules out: the beginning of the next day, or the instant itself.
func (m moment) end() time.Time {
	if m.day {
		return m.start.AddDate(0, 0, 1)
	}
	return m.start
}

var (
	calendarDay = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	ago         = regexp.MustCompile(`^(\d{1,5})([hdw])$`)
)

// parseMoment parses the value of since or until. A relative value counts back from now: hours to a whole hour, days and
// weeks to a whole day. Days are those of UTC, so that a pipeline means the same everywhere.
func parseMoment(text string, now time.Time) (moment, error) {
	now = now.UTC()
	daysAgo := func(n int) moment {
		return moment{start: time.Date(now.Year(), now.Month(), now.Day()-n, 0, 0, 0, 0, time.UTC), day: true}
	}
	switch text {
	case "today":
		return daysAgo(0), nil
	case "yesterday":
		return daysAgo(1), nil
	}
	if parts := ago.FindStringSubmatch(text); parts != nil {
		n, err := strconv.Atoi(parts[1])
		switch parts[2] {
		case "h": // a whole hour, so that two runs within one hour read the same
			return moment{start: now.Add(-time.Duration(n) * time.Hour).Truncate(time.Hour)}, err
		case "w":
			n *= 7
		}
		return daysAgo(n), err
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return moment{start: day, day: true}, nil
	}
	if calendarDay.MatchString(text) {
		return moment{}, fmt.Errorf("%q is not a day in the calendar", text)
	}
	instant, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return moment{}, fmt.Errorf(`%q is not a time; write a day such as "2026-11-01", "today" or "yesterday", how long ago, such as "7d", "2w" or "36h", or an instant such as "2026-11-01T18:30:00Z"`, text)
	}
	return moment{start: instant.UTC()}, nil
}

// period reads since and until of a source block. It returns the first instant that is read and the first after it that is
// not; a bound that the block does not give is zero.
func (p *planner) period(body body) (since, before time.Time) {
	since, before = p.moment(body, "since").start, p.moment(body, "until").end()
	if !since.IsZero() && !before.IsZero() && !since.Before(before) {
		p.problems.add(body.ranges["since"], "Invalid value", `"since": nothing would be read, because the period starts at %s and "until" (line %d) ends it at %s.`,
			since.Format(time.RFC3339Nano), body.ranges["until"].Start.Line, before.Format(time.RFC3339Nano))
	}
	return since, before
}

// moment reads since or until. It is zero if the block does not give it or a problem was reported.
func (p *planner) moment(body body, name string) moment {
	var text string
	if !body.read(name, &text) {
		return moment{}
	}
	m, err := parseMoment(text, p.invocation.Now)
	p.problems.invalid(body.ranges[name], name, err)
	return m
}
