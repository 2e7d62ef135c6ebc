package render

import "slices"

// layer is what the kustomizations around one do to what it includes.
type layer struct {
	parents        []string
	prefix, suffix string
	// namespace is what objects are moved to, helmNamespace what charts are told.
	namespace, helmNamespace string
	component                bool
	// config says that what stands here configures a generator, transformer or validator of a kustomization around it.
	config      bool
	touchesCRDs bool
}

// below is what k adds to the layer.
func (l layer) below(k kustomization) layer {
	l.parents = append(slices.Clone(l.parents), k.dir)
	l.prefix, l.suffix = l.prefix+k.NamePrefix, k.NameSuffix+l.suffix
	if l.namespace == "" {
		l.namespace = k.Namespace
	}
	if k.Namespace != "" {
		l.helmNamespace = k.Namespace
	}
	l.touchesCRDs = l.touchesCRDs || !k.sparesCRDs()
	l.component = false
	return l
}
