package kustomize

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
)

// scope is what the kustomizations around one do to what it includes.
type scope struct {
	// parents are the directories of the kustomizations around it, the outermost first.
	parents []string
	// changing are the visits whose kustomizations change the objects of others, the outermost first.
	changing       []int
	prefix, suffix string
	// namespace is what objects are moved to, chartNamespace what charts are told.
	namespace, chartNamespace string
	component                 bool
	// config says that what stands here configures a generator, transformer or validator of a kustomization around it.
	config      bool
	touchesCRDs bool
}

// below is what k adds to the scope, which is the kustomization of a visit.
func (s scope) below(k kustomization.File, visit int) scope {
	s.parents, s.changing = append(slices.Clone(s.parents), k.Dir), append(slices.Clone(s.changing), visit)
	s.prefix, s.suffix = s.prefix+k.NamePrefix, k.NameSuffix+s.suffix
	if s.namespace == "" {
		s.namespace = k.Namespace
	}
	if k.Namespace != "" {
		s.chartNamespace = k.Namespace
	}
	s.touchesCRDs = s.touchesCRDs || !k.SparesCRDs()
	s.component = false
	return s
}
