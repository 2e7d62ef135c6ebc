// Package verdict judges an object by a JSON schema.
//
// It knows how kubeconform is asked and what its answers mean in an object, and nothing of kinds, of clusters and of findings.
package verdict

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter/schema/structural"
)

// Fault is what is wrong with an object.
type Fault struct {
	// At is the field at fault. Named says that its name is wrong, one too many or one too few, and not its value.
	At    manifest.Path
	Named bool
	// Message says what is wrong, with the field; Fix what to do, and may be empty.
	Message, Fix string
}

// ErrNoCompile says that kubeconform cannot use a schema. It does not say why.
var ErrNoCompile = errors.New("the schema does not compile")

// Judge judges objects by one schema. It may be used by several goroutines at once.
type Judge struct {
	validator validator.Validator
	schema    shape
	// structural has its defaults and rules; nil where there are none.
	structural *structural.Schema
}

// Judge gives what judges by a schema, which it keeps as a file.
func (f Folder) Judge(data []byte) (*Judge, error) {
	path, err := f.put(data)
	if err != nil {
		return nil, err
	}
	v, err := validator.New([]string{path}, validator.Opts{Strict: true})
	if err != nil {
		return nil, err
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	return &Judge{validator: v, schema: shape{root}, structural: structural.Read(root)}, nil
}

// HasRules reports whether there are rules in CEL in the schema.
func (j *Judge) HasRules() bool { return j.structural.Judges() }

// Faults lists what is wrong with an object, sorted by field.
func (j *Judge) Faults(ctx context.Context, object map[string]any) ([]Fault, error) {
	object, encrypted := decrypted(object)
	if j.structural != nil {
		object = j.structural.Fill(object)
	}
	data, err := encode(object)
	if err != nil {
		return nil, err
	}
	result := j.validator.ValidateResource(resource.Resource{Bytes: data})
	var faults []fault
	switch {
	case result.Status == validator.Valid:
	case result.Status == validator.Invalid:
		faults = explain(parseAnswer(result.Err.Error()), object, j.schema)
	case strings.HasPrefix(result.Err.Error(), "could not find schema"):
		return nil, ErrNoCompile
	default:
		return nil, result.Err
	}
	second := secondLook{schema: j.schema, encrypted: encrypted}
	second.look(j.schema.resolve(j.schema.root), object)
	faults = append(faults, second.faults...)
	if len(faults) == 0 && j.structural != nil {
		broken, err := j.structural.Broken(ctx, object)
		if err != nil {
			return nil, err
		}
		for _, b := range broken {
			faults = append(faults, fault{path: b.Path, text: b.Message})
		}
	}
	all := make([]Fault, len(faults))
	for i, f := range sorted(faults) {
		all[i] = f.told()
	}
	return all, nil
}

// decrypted gives an object without what SOPS adds to it, and says whether that was there.
func decrypted(object map[string]any) (plain map[string]any, encrypted bool) {
	sops, _ := object["sops"].(map[string]any)
	if _, ok := sops["mac"]; !ok {
		return object, false
	}
	plain = maps.Clone(object)
	delete(plain, "sops")
	return plain, true
}
