package journal

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// meta is what a journal says about itself.
type meta struct {
	title string
	date  string
	tags  []string
}

var (
	isoDate     = newForm(`\b\d{4}-\d{2}-\d{2}\b`)
	headingDate = newForm(`\s*\(\s*\d{4}-\d{2}-\d{2}\s*\)|\b\d{4}-\d{2}-\d{2}\b`)
	frontLine   = newForm(`^([A-Za-z_-]+):\s*(.*)$`)
	dateLine    = newForm(`(?im)^[\s>*_-]*(?:date|when|day)[*_]*\s*:[*_]*\s*(\S.*\d.*)$`)
	tagLine     = newForm(`(?im)^[\s>*_-]*(?:tags|labels|keywords|topics)\s*:?\s*[*_]*\s*:\s*[*_]*\s*(\S.*)$`)
	tagWord     = newForm(`[\pL\pN][\pL\pN_+.-]*`)
)

// cutFrontMatter reads the YAML block that may open a journal and blanks it, so that it is not taken for a heading.
func cutFrontMatter(source string) (string, map[string]string) {
	fields := map[string]string{}
	rest, ok := strings.CutPrefix(source, "---\n")
	if !ok {
		return source, fields
	}
	front, body, ok := strings.Cut(rest, "\n---\n")
	if !ok || strings.Contains(front, "\n\n") {
		return source, fields
	}
	key := ""
	for line := range strings.SplitSeq(front, "\n") {
		if at := frontLine().FindStringSubmatch(line); at != nil {
			key = strings.ToLower(at[1])
			fields[key] = strings.Trim(at[2], `"' `)
		} else if key != "" {
			fields[key] += " " + strings.TrimLeft(line, " -")
		}
	}
	return strings.Repeat("\n", strings.Count(front, "\n")+3) + body, fields
}

// metaOf finds title, date and tags in the front matter, in labelled lines, in the first heading and in the file's name.
// Without explicit tags, a journal is tagged with the words of its file's name that say what it is about, at most five.
func metaOf(d *document, name string, front map[string]string) meta {
	m := meta{title: front["title"], date: front["date"]}
	if m.title == "" && len(d.root.sections) == 1 {
		m.title = d.root.sections[0].heading
	}
	head := d.slice(span{1, min(len(d.lines), 20)})
	if at := dateLine().FindStringSubmatch(head); m.date == "" && at != nil {
		m.date = unmarked(at[1])
	}
	m.date = cmp.Or(m.date, isoDate().FindString(strings.ReplaceAll(m.title+" "+name, "_", " ")))
	explicit := front["tags"]
	if at := tagLine().FindStringSubmatch(head); explicit == "" && at != nil {
		explicit = at[1]
	}
	if m.tags = tagWord().FindAllString(strings.ToLower(explicit), -1); len(m.tags) == 0 {
		m.tags = nameTags(name)
	}
	slices.Sort(m.tags)
	m.tags = slices.Compact(m.tags)
	return m
}

// untelling are words in a file's name that do not say what the journal is about.
var untelling = set(`and the for with from into not are was how why what when analysis bug design development dev diary entry fix fixed fixes
	handling improvements issue issues journal learned lesson lessons log md markdown note notes on postmortem problem problems session`)

func nameTags(name string) []string {
	base := strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])
	base = isoDate().ReplaceAllString(base, "")
	var tags []string
	for _, word := range strings.FieldsFunc(base, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' }) {
		if len(word) > 2 && !untelling[word] && words(word) == 1 && len(tags) < 5 && !slices.Contains(tags, word) {
			tags = append(tags, word)
		}
	}
	return tags
}

// context returns what the reader of an example must know of the journal: its title, its date and the headings that lead
// to the place.
func (d *document) context(s *section) string {
	date := ""
	if d.meta.date != "" {
		date = "Date: " + d.meta.date
	}
	return joined("\n", d.meta.title, date, strings.Join(s.path(), " > "))
}

// mark gives an example the journal's tags and the date of its line.
func (d *document) mark(e *sdk.Example, line int) {
	e.Tags = d.meta.tags
	if t, err := time.Parse(time.DateOnly, isoDate().FindString(d.date(line))); err == nil {
		e.Provenance.Time = t
	}
}

// date returns the date in the headings that lead to a line, because a diary has a heading for each day, or else the
// journal's.
func (d *document) date(line int) string {
	date, sections := d.meta.date, d.root.sections
	if len(sections) == 1 { // the title: the journal's date takes precedence over any in it
		sections = sections[0].sections
	}
	for len(sections) > 0 {
		below, _ := slices.BinarySearchFunc(sections, line+1, func(s *section, at int) int { return s.first - at })
		if below == 0 {
			break
		}
		at := sections[below-1]
		date = cmp.Or(isoDate().FindString(at.heading), date)
		sections = at.sections
	}
	return date
}
