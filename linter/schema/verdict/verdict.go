// Package verdict judges an object by a JSON schema.
//
// It knows how kubeconform is asked and what its answers mean in an object, and nothing of kinds, of clusters and of findings.
// What surely fits a schema kubeconform is not asked of: that is found by the library that it judges by, with the schema compiled as
// it does that, and on the object itself. It judges what does not fit, so that all that is told is its word; objects without a
// kind or an apiVersion; numbers that it reads inexactly, and texts that are no UTF-8; and all by a schema that does not compile by
// itself.
package verdict

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"sync"

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
	compiled compiled
	// kubeconform is made when it is asked first.
	kubeconform func() (validator.Validator, error)
	schema      shape
	// structural has its defaults and rules; nil where there are none.
	structural *structural.Schema
}

// Judge gives what judges by a schema, which it keeps as a file where kubeconform is asked.
func (f Folder) Judge(data []byte) (*Judge, error) {
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	kubeconform := sync.OnceValues(func() (validator.Validator, error) {
		path, err := f.put(data)
		if err != nil {
			return nil, err
		}
		return validator.New([]string{path}, validator.Opts{Strict: true})
	})
	return &Judge{compiled: compile(f.path(data), data), kubeconform: kubeconform, schema: shape{root}, structural: structural.Read(root)}, nil
}

// HasRules reports whether there are rules in CEL in the schema.
func (j *Judge) HasRules() bool { return j.structural.Judges() }

// Faults lists what is wrong with an object, sorted by field.
func (j *Judge) Faults(ctx context.Context, object map[string]any) ([]Fault, error) {
	object, encrypted := decrypted(object)
	if j.structural != nil {
		object = j.structural.Fill(object)
	}
	var faults []fault
	if !j.compiled.fits(object) {
		answer, err := j.ask(object)
		if err != nil {
			return nil, err
		}
		faults = explain(answer, object, j.schema)
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

// ask gives what kubeconform finds wrong with an object.
func (j *Judge) ask(object map[string]any) ([]*entry, error) {
	data, err := encode(object)
	if err != nil {
		return nil, err
	}
	v, err := j.kubeconform()
	if err != nil {
		return nil, err
	}
	result := v.ValidateResource(resource.Resource{Bytes: data})
	switch {
	case result.Status == validator.Valid:
		return nil, nil
	case result.Status == validator.Invalid:
		return parseAnswer(result.Err.Error()), nil
	case strings.HasPrefix(result.Err.Error(), "could not find schema"):
		return nil, ErrNoCompile
	}
	return nil, result.Err
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
