package sdk

import "hash/maphash"

// Traits are what rows made of an example show to a reader that infers a schema from the first of them.
type Traits struct {
	System, Calls, Results, Thinking, Words, Parallel, Masked bool

	Tool uint64 // a hash of the first tool that is called; 0: none. Different tools have different arguments.
}

var traitSeed = maphash.MakeSeed()

// Traits finds out what the item's example shows, without decoding it. What cannot be read shows nothing.
func (i Item) Traits() Traits {
	var t Traits
	for f := range fields(i.Example) {
		switch f.number {
		case 7: // Example.system
			t.System = t.System || len(f.data) > 0
		case 10: // Example.messages
			t.message(f.data)
		}
	}
	return t
}

func (t *Traits) message(message []byte) {
	calls := 0
	for f := range fields(message) {
		switch f.number {
		case 3: // Message.thinking
			t.Thinking = t.Thinking || len(f.data) > 0
		case 4: // Message.calls
			calls++
			t.call(f.data)
		case 5: // Message.call_id
			t.Results = true
		case 7: // Message.weight, written only where it is 0
			t.Masked = true
		}
	}
	t.Calls = t.Calls || calls > 0
	t.Parallel = t.Parallel || calls > 1
	t.Words = t.Words || calls == 0
}

func (t *Traits) call(call []byte) {
	for f := range fields(call) {
		if f.number == 3 && t.Tool == 0 { // Call.tool
			t.Tool = maphash.Bytes(traitSeed, f.data) | 1
		}
	}
}

// Outline tells the task type of the item's example and the full names of the tools that it calls, one for each call, in
// order, without decoding the rest.
func (i Item) Outline() (taskType string, tools []string) {
	for f := range fields(i.Example) {
		switch f.number {
		case 6: // Example.task_type; of several the last one counts
			taskType = string(f.data)
		case 10: // Example.messages
			for f := range fields(f.data) {
				if f.number == 4 { // Message.calls
					tools = append(tools, calledTool(f.data))
				}
			}
		}
	}
	return taskType, tools
}

// calledTool is the full name of the tool of an encoded call.
func calledTool(call []byte) string {
	var c Call
	for f := range fields(call) {
		switch f.number {
		case 2: // Call.server
			c.Server = string(f.data)
		case 3: // Call.tool
			c.Tool = string(f.data)
		}
	}
	return c.FullName()
}
