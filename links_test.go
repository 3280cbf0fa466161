package ftprep

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLinksLead follows every link within the documentation: to files, and to headings by the names that GitHub gives them.
func TestLinksLead(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	links := 0
	for _, page := range append(pages, "README.md") {
		for _, link := range regexp.MustCompile(`\]\(([^):]+)\)`).FindAllStringSubmatch(read(t, page), -1) {
			links++
			path, heading, named := strings.Cut(link[1], "#")
			target := page
			if path != "" {
				target = filepath.Join(filepath.Dir(page), path)
			}
			_, err := os.Stat(target)
			require.NoErrorf(t, err, "%s links to %s", page, link[1])
			if named {
				require.Containsf(t, headings(read(t, target)), heading, "%s links to %s", page, link[1])
			}
		}
	}
	require.Greater(t, links, 20)
}

func read(t *testing.T, path string) string {
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

// headings are the names of a page's headings in links.
func headings(page string) []string {
	var all []string
	fenced := false
	for line := range strings.Lines(page) {
		fenced = fenced != strings.HasPrefix(line, "```")
		text := strings.TrimLeft(line, "#")
		if fenced || text == line || !strings.HasPrefix(text, " ") {
			continue
		}
		name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), " ", "-")
		all = append(all, regexp.MustCompile(`[^\p{L}\p{N}_-]`).ReplaceAllString(name, ""))
	}
	return all
}
