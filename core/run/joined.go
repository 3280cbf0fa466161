package run

// joined says which names are those of one thing, by the name that stands for all of them. One that was never joined stands
// for itself.
type joined[N comparable] map[N]N

// of gives the name that stands for another.
func (j joined[N]) of(name N) N {
	for {
		next, ok := j[name]
		if !ok {
			return name
		}
		if after, ok := j[next]; ok { // shortens the way for who comes next: copies of copies make long ones
			j[name] = after
		}
		name = next
	}
}

// join has what stands for a name stand for another as well.
func (j joined[N]) join(name, other N) {
	name, other = j.of(name), j.of(other)
	if name != other {
		j[other] = name
	}
}
