// Package filters holds the built-in filters: label, calls, tools, types, select, quality, split, dedup and
// decontaminate.
//
// Each is one short file, or a few; they are meant to be copied.
//
// # Quality
//
// The quality filter measures an example by signals between 0 and 1, each with its evidence. A signal that does not
// apply is absent. Conversations have:
//
//	executed     of the actions that were made as calls or only written into the text (as JSON, in tags or as code), the
//	             share that was made. 1 if a call was made and none only written; absent if there is neither.
//	succeeded    the mean outcome of the answered calls that act or, if none acts, of all answered calls: 1 for success,
//	             0 for failure, one half for a failure that a later call of the same tool made good, and one half, which
//	             is neutral, if the result does not tell: it is empty or truncated, or says no more than that the
//	             command was sent. A later observation that names the command may settle it.
//	concise      1 for up to 150 words of the model's and 30 more for each call; beyond that, this allowance divided by
//	             the number of words.
//	appropriate  the mean over the calls: 1 for a declared tool whose arguments fit its schema, one half if they do not
//	             fit, 0 for a tool that is not among those declared for its server. Calls of other tools do not count,
//	             because a declaration mostly covers one server, nor do calls that may mean tools of several servers;
//	             absent if all calls are such, or the pipeline declares no tools.
//	whole        the share of the turn's own calls that are still there. Absent unless a selection of tools removed some
//	             and left some.
//
// Chains, corrections and anti-patterns have one signal, complete: the share of their parts that are there. The parts
// are problem, cause and fix; bad code, good code and a reason; pattern and reason.
//
// If the source has set a signal of one of these names, such as succeeded where the log knows the outcome, it is taken
// as it is. So is feedback, which says what a user thought of the answer. A signal without a score counts as absent.
//
// The score is the geometric mean of the signals, to three places: a signal of zero makes it zero, whatever the others.
// The reason of a drop names the lowest signal, or the one that missed a bound of its own; the evidence lists all that
// lowered the score.
package filters

import "github.com/ftprep/ftprep/sdk"

// Plugin offers the built-in filters.
var Plugin = sdk.Plugin{
	Name:    "filters",
	Version: "0.1.0",
	Doc:     "Labels, selects, scores and deduplicates examples.",
	Steps: []sdk.Step{
		sdk.NewFilter("label", "Sets task types and tags by rules.", newLabel),
		sdk.NewFilter("calls", "Drops examples without a call if their type needs one.", newCalls),
		sdk.NewFilter("tools", "Chooses calls by tool, like the source options of the same names.", newTools),
		sdk.NewFilter("types", "Keeps examples of the listed types.", newTypes),
		sdk.NewFilter("select", "Keeps or drops examples by ids, labels, tags, task types, models, calls and words.", newSelect),
		sdk.NewFilter("quality", "Scores examples and drops those below a bound, if one is set.", newQuality),
		sdk.NewFilter("split", "Sets conversations aside to evaluate and to test with; outputs write them into files of their own.", newSplit),
		sdk.NewKeyer("dedup", "Keeps one of the examples that look the same to a trainer, or nearly the same.", newDedup),
		sdk.NewFilter("decontaminate", "Drops examples that hold a part of a test set, so that it is not trained on.", newDecontaminate),
	},
}
