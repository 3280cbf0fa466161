package copies

import (
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// names are the names by which examples that have copies are known. A copy may have another name than its original; all go by
// the name of the first original that is known. Conversations that share an example are one.
type names struct {
	openings      joined[string]
	conversations joined[string]
}

// learn notes the second name of the record that opens an example, if it has one.
func (n names) learn(i sdk.Identity) {
	if i.Alias != "" {
		n.openings.join(i.Opening, i.Alias)
	}
}

// unite makes the conversations of twins one. Its name is that of the first twin with the original's opening, so that a
// conversation keeps its name when copies of it come and go.
func (n names) unite(opening string, twins []*twin) {
	twins = slices.DeleteFunc(slices.Clone(twins), func(t *twin) bool { return t.conversation == "" })
	original := slices.IndexFunc(twins, func(t *twin) bool { return t.opening == opening })
	for _, t := range twins {
		n.conversations.join(twins[max(original, 0)].conversation, t.conversation)
	}
}

// same reports whether every example keeps its own names.
func (n names) same() bool { return len(n.openings) == 0 && len(n.conversations) == 0 }

// rename gives an example the names that it shares with its copies, and reports whether they are new.
func (n names) rename(i *sdk.Identity) bool {
	opening, conversation := n.openings.of(i.Opening), n.conversations.of(i.Conversation)
	if opening == i.Opening && conversation == i.Conversation {
		return false
	}
	i.Opening, i.Conversation = opening, conversation
	return true
}

// joined is a union-find: it maps a name to another of its set. A name that is no key represents its set.
type joined[N comparable] map[N]N

// of returns the name that represents the set of a name.
func (j joined[N]) of(name N) N {
	for {
		next, ok := j[name]
		if !ok {
			return name
		}
		if after, ok := j[next]; ok { // shortens the path for the next call: copies of copies make long ones
			j[name] = after
		}
		name = next
	}
}

// join unites the sets of two names under the representative of the first.
func (j joined[N]) join(name, other N) {
	name, other = j.of(name), j.of(other)
	if name != other {
		j[other] = name
	}
}
