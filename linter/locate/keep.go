package locate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// question names what decides the answer: the chart, the object and the field; empty where that cannot be told.
func question(digest string, f linter.Finding) string {
	id := f.Resource.ID
	text, err := json.Marshal([]any{digest, id.Kind, id.Name, f.At, manifest.Dig(f.Resource.Object, f.At...)})
	if err != nil || digest == "" {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// read looks for an answer that was kept.
func read(dir, question string) (known answer, ok bool) {
	if dir == "" {
		return answer{}, false
	}
	data, ok := cache.ReadSealed(filepath.Join(dir, question))
	if !ok || json.Unmarshal(data, &known) != nil {
		return answer{}, false
	}
	return known, true
}

// keep writes an answer. Where that does not work it is asked again the next time.
func keep(dir, question string, found answer) {
	if dir == "" {
		return
	}
	if data, err := json.Marshal(found); err == nil {
		_ = cache.WriteSealed(filepath.Join(dir, question), data)
	}
}
