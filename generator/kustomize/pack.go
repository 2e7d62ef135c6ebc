package kustomize

import "github.com/gitopsgen/gitopsgen/generator/manifest"

// Pack writes an output for a later run: Unpack gives an equal one.
func (out Output) Pack() ([]byte, error) {
	objects := make([]map[string]any, len(out.objects))
	for i, res := range out.objects {
		objects[i] = res.Object
	}
	return manifest.Pack(objects)
}

// Unpack reads what Pack wrote.
func Unpack(data []byte) (out Output, err error) {
	var objects []map[string]any
	if err := manifest.Unpack(data, &objects); err != nil {
		return out, err
	}
	out.objects = manifest.Resources(objects)
	return out, nil
}
