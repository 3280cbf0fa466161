package sdk

import (
	"bytes"
	"encoding/json"
	"math"
)

// A Signal is one named measurement of an example, with its evidence.
type Signal struct {
	Name     string
	Score    float64 // 0..1; NaN if it has none
	Evidence string
}

// jsonSignal is a signal in JSON. A missing score is null there, for JSON has no NaN.
type jsonSignal struct {
	Name     string
	Score    *float64
	Evidence string
}

// MarshalJSON implements [json.Marshaler].
func (s Signal) MarshalJSON() ([]byte, error) {
	score := &s.Score
	if math.IsNaN(s.Score) {
		score = nil
	}
	return json.Marshal(jsonSignal{s.Name, score, s.Evidence})
}

// UnmarshalJSON implements [json.Unmarshaler]. Unknown fields are an error: [json.Decoder.DisallowUnknownFields] does not
// reach a type that decodes itself.
func (s *Signal) UnmarshalJSON(text []byte) error {
	read := jsonSignal{Score: new(float64)}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return err
	}
	if read.Score == nil {
		read.Score = new(math.NaN())
	}
	*s = Signal{read.Name, *read.Score, read.Evidence}
	return nil
}
