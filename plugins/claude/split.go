package claude

import "regexp"

// internalAgent matches the ids of agents that the program uses for itself: they compact, suggest prompts, answer asides and
// keep memories.
var internalAgent = regexp.MustCompile(`^a?(compact|prompt_suggestion|aside_question|session_memory|extract_memories)\b`)

// A splitter divides the records of a file into its conversations: the main one first, then those of sub-agents in the
// order in which they began. The file of a sub-agent holds one conversation. In a session's file, there is one for each
// agent id or, in the oldest transcripts, for each root.
type splitter struct {
	agent             string // the sub-agent whose file it is; empty for a session's
	conversations     []*conversation
	byAgent, byRecord map[string]*conversation
}

func newSplitter(agent string) *splitter {
	main := &conversation{agent: agent, internal: internalAgent.MatchString(agent)}
	return &splitter{agent: agent, conversations: []*conversation{main}, byAgent: map[string]*conversation{}, byRecord: map[string]*conversation{}}
}

// add gives a record to its conversation.
func (s *splitter) add(r *record) {
	c := s.conversations[0]
	if r.sidechain && s.agent == "" {
		c = s.sidechain(r)
	}
	c.take(r)
}

// sidechain finds or begins the conversation that a sub-agent's record belongs to.
func (s *splitter) sidechain(r *record) *conversation {
	c := s.byRecord[r.parent]
	last := s.conversations[len(s.conversations)-1]
	switch {
	case r.origin.agent != "":
		c = s.byAgent[r.origin.agent]
	case c == nil && r.parent != "" && r.kind != prompt && last.agent != "":
		c = last // the parent was never written
	}
	if c == nil {
		agent := r.root()
		c = &conversation{agent: agent, internal: internalAgent.MatchString(agent)}
		s.conversations = append(s.conversations, c)
	}
	if r.origin.agent != "" {
		s.byAgent[r.origin.agent] = c
	}
	if r.uuid != "" {
		s.byRecord[r.uuid] = c
	}
	return c
}

// root names the sub-agent whose conversation a record begins.
func (r *record) root() string {
	if r.origin.agent != "" {
		return r.origin.agent
	}
	return "sidechain " + r.uuid
}
